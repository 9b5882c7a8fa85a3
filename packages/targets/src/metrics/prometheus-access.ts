import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigurationError } from '@fairway/service';
import { awsCredentials } from '@fairway/clients/aws/credentials';
import { tokenOfCommand, tokenOfFile } from '@fairway/clients/bearer-token';
import type { HttpLogin } from '@fairway/clients/http-login';

interface LoginInputs {
  readonly 'prometheus-url'?: string;
  readonly 'ruler-url'?: string;
  readonly 'prometheus-token'?: string;
  readonly 'prometheus-token-file'?: string;
  readonly 'prometheus-token-command'?: string;
  readonly 'prometheus-aws-region'?: string;
  readonly 'prometheus-tenant'?: string;
  readonly 'prometheus-client-certificate'?: string;
  readonly 'prometheus-ca'?: string;
}

/**
 * How a stage is let in by Prometheus.
 * @throws ConfigurationError for two logins at once, and for what is no certificate; nothing of a secret is in it
 */
export function prometheusLogin(inputs: LoginInputs): HttpLogin {
  const { 'prometheus-token': token, 'prometheus-tenant': tenant, 'prometheus-ca': ca } = inputs;
  const { 'prometheus-token-file': file, 'prometheus-token-command': command } = inputs;
  const region = inputs['prometheus-aws-region'];
  const pair = inputs['prometheus-client-certificate'];
  const url = URL.parse(inputs['prometheus-url'] ?? '');
  for (const name of ['prometheus-url', 'ruler-url'] as const)
    if (inputs[name] && !/^https?:$/.test(URL.parse(inputs[name])?.protocol ?? ''))
      throw new ConfigurationError(
        `${name} is no address with http:// or https://, such as https://prometheus.example.com.`,
      );
  const ways = [
    ...(token ? ['prometheus-token is given'] : []),
    ...(file ? ['prometheus-token-file is given'] : []),
    ...(command ? ['prometheus-token-command is given'] : []),
    ...(region ? ['prometheus-aws-region is given'] : []),
    ...(url && (url.username || url.password) ? ['prometheus-url has a user and a password'] : []),
  ];
  if (ways.length > 1)
    throw new ConfigurationError(
      `${ways.slice(0, 2).join(', and ')}: a request has one login. Remove ${ways.length === 2 ? 'one of them' : 'all but one of them'}.`,
    );
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region))
    throw new ConfigurationError(
      `prometheus-aws-region is no AWS region: found ${JSON.stringify(region)}, and it must be one such as eu-central-1.`,
    );
  const access: HttpLogin = {
    ...(token ? { token } : {}),
    ...(tenant ? { tenant } : {}),
    ...(file ? { bearer: tokenOfFile(file) } : {}),
    ...(command ? { bearer: tokenOfCommand(command) } : {}),
    ...(region ? { aws: { region, service: 'aps', credentials: awsCredentials() } } : {}),
    ...(ca ? { ca } : {}),
  };
  if ((pair || ca) && url && url.protocol !== 'https:')
    throw new ConfigurationError(
      `prometheus-url begins with ${url.protocol}//, where no certificate counts. Give the https address, or remove ${ca ? 'prometheus-ca' : 'prometheus-client-certificate'}.`,
    );
  if (ca) certificate('prometheus-ca', ca);
  if (!pair) return access;
  const own = certificate('prometheus-client-certificate', pair);
  const [key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----/.exec(pair) ?? [];
  if (!key || !belong(own, key))
    throw new ConfigurationError(
      `prometheus-client-certificate ${key ? 'holds a private key of another certificate, or one with a passphrase' : 'holds no private key'}: give the certificate and its key, both as PEM in one text.`,
    );
  return { ...access, certificate: pair.replace(key, ''), key };
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
