import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigurationError } from '@fairway/service';
import type { PrometheusLogin } from '@fairway/clients/prometheus/index';

interface LoginInputs {
  readonly 'prometheus-url'?: string;
  readonly 'prometheus-token'?: string;
  readonly 'prometheus-tenant'?: string;
  readonly 'prometheus-client-certificate'?: string;
  readonly 'prometheus-ca'?: string;
}

/**
 * How a stage is let in by Prometheus.
 * @throws ConfigurationError for two logins at once, and for what is no certificate; nothing of a secret is in it
 */
export function prometheusLogin(inputs: LoginInputs): PrometheusLogin {
  const { 'prometheus-token': token, 'prometheus-tenant': tenant, 'prometheus-ca': ca } = inputs;
  const pair = inputs['prometheus-client-certificate'];
  const url = URL.parse(inputs['prometheus-url'] ?? '');
  if (token && url && (url.username || url.password))
    throw new ConfigurationError(
      'prometheus-token is given, and prometheus-url has a user and a password: a request has one login. Remove one of them.',
    );
  if ((pair || ca) && url && url.protocol !== 'https:')
    throw new ConfigurationError(
      `prometheus-url begins with ${url.protocol}//, where no certificate counts. Give the https address, or remove ${ca ? 'prometheus-ca' : 'prometheus-client-certificate'}.`,
    );
  if (ca) certificate('prometheus-ca', ca);
  if (!pair) return { token, tenant, ca };
  const own = certificate('prometheus-client-certificate', pair);
  const [key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----/.exec(pair) ?? [];
  if (!key || !belong(own, key))
    throw new ConfigurationError(
      `prometheus-client-certificate ${key ? 'holds a private key of another certificate, or one with a passphrase' : 'holds no private key'}: give the certificate and its key, both as PEM in one text.`,
    );
  return { token, tenant, ca, certificate: pair.replace(key, ''), key };
}

function certificate(input: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new ConfigurationError(
      `${input} is no certificate: it must be the text of a PEM file, with -----BEGIN CERTIFICATE-----.`,
    );
  }
}

function belong(own: X509Certificate, key: string): boolean {
  try {
    return own.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
