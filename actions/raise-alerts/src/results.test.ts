import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyService } from '../../../test/fixtures/service.ts';
import { writeResults } from '../../rescan/src/results.ts';
import { readScanned } from './results.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-scanned-'));
});
afterAll(() => rm(folder, { recursive: true }));

const digest = `sha256:${'a'.repeat(64)}`;

test('what rescan writes is read', async () => {
  const images = [
    { image: `r/hello@${digest}`, digest, revisions: ['a'], share: 75, verdict: 'inconclusive', reason: 'r' },
    { image: 'r/hello:1', digest: '', revisions: ['b'], share: 25, verdict: 'inconclusive', reason: 's' },
  ] as const;
  await writeResults(folder, tinyService(), '.', { verdict: 'inconclusive', reason: 'r s', images, kept: [] });
  await expect(readScanned(folder)).resolves.toEqual([
    { digest, share: 75, verdict: 'inconclusive', reason: 'r', blocking: [] },
    { digest: '', share: 25, verdict: 'inconclusive', reason: 's', blocking: [] },
  ]);
});

test('a label that is no digest raises nothing', async () => {
  const image = { digest: 'sha256:ab", severity="page', share: 100, verdict: 'fail', reason: '', blocking: [] };
  await writeFile(join(folder, 'rescan.json'), JSON.stringify({ images: [image] }));
  await expect(readScanned(folder)).rejects.toThrow(/rescan\.json.* is not what the action rescan writes\. Give/);
});
