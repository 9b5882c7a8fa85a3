import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreignCertificate } from '../../mesh-probe/src/foreign-certificate.ts';
import { readCertificate } from './certificate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-identity-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

test('a certificate counts when all of it is there and the key is its own', async () => {
  const first = await foreignCertificate('spiffe://example.org/ns/a/sa/b');
  const next = await foreignCertificate('spiffe://example.org/ns/a/sa/b');
  expect(await readCertificate(folder)).toBeUndefined();
  await write('key.pem', first.key);
  await write('cert-chain.pem', first.chain);
  expect(await readCertificate(folder)).toBeUndefined();
  await write('root-cert.pem', first.chain);
  expect(await readCertificate(folder)).toMatchObject({ key: first.key, chain: first.chain });
  // a renewal writes the key first
  await write('key.pem', next.key);
  expect(await readCertificate(folder)).toBeUndefined();
  await write('cert-chain.pem', next.chain);
  expect(await readCertificate(folder)).toMatchObject({ key: next.key, chain: next.chain });
});
