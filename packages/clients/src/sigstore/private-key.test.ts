import { generateKeyPairSync } from 'node:crypto';
import { privateKey } from './private-key.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test('an encrypted key opens with its passphrase alone, and neither is shown', () => {
  const pem = pair.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' })
    .toString();
  expect(privateKey(pem, 'right').asymmetricKeyType).toBe('ec');
  expect(() => privateKey(pem, 'wrong-one')).toThrow(/^sigstore: reading the signing key failed: (?!.*wrong-one)/);
});

test.each<[string, string]>([
  ['no key', 'not a key'],
  ['a public key', pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  [
    'a key of RSA',
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ],
  ['a key of Ed25519', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
])('%s is rejected with what to give', (_name, pem) => {
  expect(() => privateKey(pem)).toThrow(/Give a key of ECDSA on P-256 as PEM, such as cosign generate-key-pair writes/);
});
