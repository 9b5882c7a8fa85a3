import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyService } from '../../../test/fixtures/service.ts';
import { roomMissing } from './room.ts';

const { signal } = new AbortController();

test('without a cluster nobody is asked, and one that cannot be reached is no reason not to build', async () => {
  expect(await roomMissing({}, tinyService(), signal)).toEqual({});
  const folder = await mkdtemp(join(tmpdir(), 'fairway-room-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, 'apiVersion: v1\nkind: Config\ncontexts: []\n');
  expect(await roomMissing({ kubeconfig, context: 'prod' }, tinyService(), signal)).toEqual({
    unknown: expect.stringMatching(/^Whether the cluster has room for the service is not known\. .*context "prod"/),
  });
  await rm(folder, { recursive: true });
});
