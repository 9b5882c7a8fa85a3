import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scanner } from '@fairway/clients/scanner/index';
import { tinyService } from '../../../test/fixtures/service.ts';
import { rescan } from './rescan.ts';
import { readServed } from './served.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-served-'));
});
afterAll(() => rm(folder, { recursive: true }));

const image = `r/hello@sha256:${'a'.repeat(64)}`;
const listed = { image, revisions: ['one'], share: 100 };
const left = (served: unknown) => writeFile(join(folder, 'served.json'), JSON.stringify(served));

test('an SBOM comes as it was attached, and why there is none as a sentence', async () => {
  const sbom = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'libexpat1' }] };
  const findings = [{ id: 'CVE-2024-45490', package: 'libexpat1', installed: '2.5.0-1' }];
  const served = {
    context: 'c',
    images: [
      { ...listed, sbom, findings },
      { ...listed, problem: 'The registry has no SBOM.' },
    ],
    kept: [listed],
  };
  await left(served);
  await expect(readServed(folder)).resolves.toEqual(served);
});

test('what could not be read is inconclusive, and nothing is scanned', async () => {
  const request = {
    service: tinyService(),
    policy: { failOn: 'high', exceptions: [], product: 'hello', statements: [] },
    now: new Date(),
    signal: new AbortController().signal,
    progress: () => undefined,
  } as const;
  const none = { context: 'production', kept: [] };
  const unread = { ...none, images: [{ ...listed, problem: 'The registry has no SBOM.' }] };
  await expect(rescan(undefined as unknown as Scanner, unread, request)).resolves.toMatchObject({
    verdict: 'inconclusive',
    reason: 'The registry has no SBOM.',
    images: [{ image, digest: `sha256:${'a'.repeat(64)}` }],
  });
  await expect(rescan(undefined as unknown as Scanner, { ...none, images: [] }, request)).resolves.toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('in the namespace hello of the context production, so there was nothing to scan.'),
  });
});

test.each<[string, unknown]>([
  ['neither an SBOM nor a reason', { context: 'c', images: [listed], kept: [] }],
  ['something else', []],
])('%s is one sentence', async (_name, served) => {
  await left(served);
  await expect(readServed(folder)).rejects.toThrow(/served\.json.* is not what the action list-served writes\. Give/);
});
