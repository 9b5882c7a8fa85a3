import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
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
      throw new ConfigurationError(reasonOf('input.address', { input: name }));
  const given = (input: string) => reasonOf('login.given', { input });
  const ways = [
    ...(token ? [given('prometheus-token')] : []),
    ...(file ? [given('prometheus-token-file')] : []),
    ...(command ? [given('prometheus-token-command')] : []),
    ...(region ? [given('prometheus-aws-region')] : []),
    ...(url && (url.username || url.password) ? [reasonOf('login.inAddress')] : []),
  ];
  const [first, second] = ways;
  if (first && second)
    throw new ConfigurationError(reasonOf(ways.length === 2 ? 'login.two' : 'login.several', { first, second }));
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region))
    throw new ConfigurationError(reasonOf('input.region', { found: JSON.stringify(region) }));
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
      reasonOf('input.noTls', { scheme: url.protocol, input: ca ? 'prometheus-ca' : 'prometheus-client-certificate' }),
    );
  if (ca) certificate('prometheus-ca', ca);
  if (!pair) return access;
  const own = certificate('prometheus-client-certificate', pair);
  const [key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----/.exec(pair) ?? [];
  if (!key || !belong(own, key)) throw new ConfigurationError(reasonOf(key ? 'input.otherKey' : 'input.noKey'));
  return { ...access, certificate: pair.replace(key, ''), key };
}

function certificate(input: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new ConfigurationError(reasonOf('input.noCertificate', { input }));
  }
}

function belong(own: X509Certificate, key: string): boolean {
  try {
    return own.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
