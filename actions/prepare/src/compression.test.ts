import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { english } from '@fairway/service/reasons/delivery-reason';
import { kubeConfigOf } from '../../../test/fixtures/kube-config.ts';
import { tinyService } from '../../../test/fixtures/service.ts';
import { compressionMissing, isTooOld } from './compression.ts';

const { signal } = new AbortController();

/** What a cluster answers whose nodes have these runtimes, as their kubelets write them. */
async function asked(service: object, ...runtimes: readonly string[]) {
  const items = runtimes.map((containerRuntimeVersion, at) => ({
    metadata: { name: `n${at}`, labels: { pool: at === 0 ? 'old' : 'new' } },
    status: { nodeInfo: { containerRuntimeVersion } },
  }));
  const server = createServer(({ url = '' }, response) => {
    const resources = [{ name: 'nodes', kind: 'Node', namespaced: false }];
    response.end(JSON.stringify(url.startsWith('/api/v1/nodes') ? { items } : { resources }));
  });
  const folder = await mkdtemp(join(tmpdir(), 'fairway-runtimes-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, (await kubeConfigOf(server, 'c')).exportConfig());
  const { missing, unknown } = await compressionMissing({ kubeconfig, context: 'c' }, tinyService(service), signal);
  server.close();
  await rm(folder, { recursive: true });
  return { missing: missing && english(missing), unknown: unknown && english(unknown) };
}

const zstd = { image: { compression: 'zstd' } };

test('nodes that unpack no zstd are said before anything is built', async () => {
  expect(await asked(zstd, 'containerd://1.4.13', 'docker://20.10.24')).toEqual({
    missing:
      'No node that may run the pods unpacks layers in zstd, which takes containerd 1.5 or Docker 23: n0 runs containerd://1.4.13. Update the nodes, or set image.compression to gzip, none or estargz.',
  });
  expect((await asked(zstd, 'containerd://1.4.13', 'containerd://1.7.27')).unknown).toMatch(
    /^1 of 2 nodes do not unpack layers in zstd, .*: n0 runs containerd:\/\/1\.4\.13\..* \(workload\.nodeSelector\)/,
  );
});

test('nodes that no pod of the service comes to do not count, and nobody is asked for another form', async () => {
  const elsewhere = { ...zstd, workload: { nodeSelector: { pool: 'new' } } };
  expect(await asked(elsewhere, 'containerd://1.4.13', 'containerd://1.7.27')).toEqual({});
  expect(await asked({ image: { compression: 'estargz' } }, 'containerd://1.4.13')).toEqual({});
});

test.each([
  ['containerd://1.4.13', true],
  ['containerd://1.5.0', false],
  ['containerd://v1.7.27-gke.1', false],
  ['containerd://2.1.4', false],
  ['docker://20.10.24+dfsg1', true],
  ['docker://23.0.0', false],
  ['cri-o://1.29.1', false],
  ['containerd://Unknown', false],
  ['', false],
])('%s: too old for zstd is %s', (runtime, old) => expect(isTooOld(runtime)).toBe(old));
