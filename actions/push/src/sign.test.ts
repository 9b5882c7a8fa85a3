import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { verifiedStatement } from '@fairway/clients/sigstore/index';
import type { DeliveryRecord } from '@fairway/stage';
import { vaultTransit } from '../../../test/fixtures/key-services.ts';
import type { Double } from '../../../test/fixtures/key-services.ts';
import { signedArtifacts, signerName } from './sign.ts';

const { signal } = new AbortController();
const log = { info() {}, warning() {}, annotate() {}, progress() {} };
const record = { stages: {} } as unknown as DeliveryRecord;
const image = { name: 'hello', digest: `sha256:${'ab'.repeat(32)}` };
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
const inputs = (given: Partial<Parameters<typeof signerName>[0]>) => ({
  ...{ 'signing-key': undefined, 'signing-passphrase': undefined, keyless: false },
  ...{ 'id-token-url': undefined, 'id-token-request': undefined },
  ...{ 'vault-address': undefined, 'vault-token': undefined },
  ...given,
});

let vault: Double;
beforeAll(async () => {
  vault = await vaultTransit('right-token', { release: [key] });
});
afterAll(() => vault.close());

test('a key in a service signs as the same key in a file does', async () => {
  const login = { 'vault-address': vault.url, 'vault-token': 'right-token' };
  const managed = inputs({ 'signing-key': 'hashivault://release', ...login });
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const [signed] = await signedArtifacts(managed, [], { record, signal, log }, image);
  const { subject } = verifiedStatement(signed!.content as Uint8Array, { publicKey });
  expect(subject).toEqual([{ name: 'hello', digest: { sha256: 'ab'.repeat(32) } }]);
  // what was pushed with one needs no second push with the other
  expect(await signerName(managed, signal)).toBe(await signerName(inputs({ 'signing-key': pem }), signal));
});

test('Vault without an address or a token is named with the inputs', async () => {
  const missing = inputs({ 'signing-key': 'hashivault://release', 'vault-address': 'http://127.0.0.1:1' });
  await expect(signerName(missing, signal)).rejects.toThrow(
    'Vault: using the key transit/release failed: its address or its token is missing. Give vault-address and vault-token, or set VAULT_ADDR and VAULT_TOKEN.',
  );
});
