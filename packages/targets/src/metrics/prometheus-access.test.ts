import { generateKeyPairSync } from 'node:crypto';
import { prometheusLogin } from './prometheus-access.ts';

const url = { 'prometheus-url': 'https://prometheus.example.com' };
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test('a token and a tenant are all that most servers ask for', () => {
  expect(prometheusLogin({ ...url, 'prometheus-token': 'a', 'prometheus-tenant': 'b' })).toEqual({
    token: 'a',
    tenant: 'b',
  });
});

test.each([
  [
    { 'prometheus-url': 'https://ann:pass@prometheus.example.com', 'prometheus-token': 'hush' },
    'prometheus-token is given, and prometheus-url has a user and a password',
  ],
  [
    { ...url, 'prometheus-token-file': '/var/token', 'prometheus-aws-region': 'eu-central-1' },
    'prometheus-token-file is given, and prometheus-aws-region is given: a request has one login. Remove one of them.',
  ],
  [{ ...url, 'prometheus-aws-region': 'Frankfurt' }, 'prometheus-aws-region is no AWS region: found "Frankfurt"'],
  [{ 'prometheus-url': 'prometheus:9090' }, 'prometheus-url is no address with http:// or https://'],
  [{ ...url, 'ruler-url': 'mimir.example.com/prometheus' }, 'ruler-url is no address'],
  [{ 'prometheus-url': 'http://prometheus:9090', 'prometheus-ca': 'x' }, 'prometheus-url begins with http://'],
  [{ ...url, 'prometheus-ca': '/etc/ca.pem' }, 'prometheus-ca is no certificate: it must be the text of a PEM file'],
  [{ ...url, 'prometheus-client-certificate': key }, 'prometheus-client-certificate is no certificate'],
])('%j is reported', (inputs, expected) => {
  expect(() => prometheusLogin(inputs)).toThrow(expected);
});
