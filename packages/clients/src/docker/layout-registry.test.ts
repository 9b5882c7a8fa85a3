import { mediaTypes, openLayout, readManifest } from '@fairway/image';
import type { Layout } from '@fairway/image';
import { getManifest, openRepository, parseRepository, putBlob, putManifest } from '../registry/index.ts';
import { openLayoutRegistry } from './layout-registry.ts';
import type { LayoutRegistry } from './layout-registry.ts';
import { newFolder } from '../../../../test/fixtures/new-folder.ts';

const { signal } = new AbortController();
const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
let layout: Layout;
let registry: LayoutRegistry;

beforeEach(async () => {
  layout = await openLayout(newFolder());
  registry = await openLayoutRegistry(layout, signal);
});
afterEach(() => registry.close());

// pushed by the client of registries, which knows nothing of this one
async function push(mediaType: string, config: string, layer: string) {
  const client = openRepository(parseRepository(registry.repository), {}, signal);
  const blobs = {
    config: await putBlob(client, config, Buffer.from('{}')),
    layers: [await putBlob(client, layer, Buffer.from('layer'))],
  };
  return { client, pushed: await putManifest(client, mediaType, { schemaVersion: 2, mediaType, ...blobs }, 'pushed') };
}

test('an OCI image keeps its digest, and can be pulled by it', async () => {
  const { client, pushed } = await push(mediaTypes.manifest, mediaTypes.config, mediaTypes.gzipLayer);
  const received = await registry.received();
  expect(received?.digest).toBe(pushed.digest);
  expect((await getManifest(client, pushed.digest))?.descriptor.digest).toBe(pushed.digest);
});

test("Docker's manifest becomes one of OCI with the same blobs", async () => {
  await push(
    dockerManifest,
    'application/vnd.docker.container.image.v1+json',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
  );
  const received = await registry.received();
  // sha256 of "{}" and of "layer", by sha256sum
  expect(await readManifest(layout, received?.digest ?? '')).toMatchObject({
    mediaType: mediaTypes.manifest,
    config: {
      mediaType: mediaTypes.config,
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
    },
    layers: [{ mediaType: mediaTypes.gzipLayer, size: 5 }],
  });
});

test('an index of several images is none, and who does not know the name gets nothing', async () => {
  const client = openRepository(parseRepository(registry.repository), {}, signal);
  await putManifest(
    client,
    mediaTypes.index,
    { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] },
    'pushed',
  );
  expect(await registry.received()).toBeUndefined();
  const { host } = new URL(`http://${registry.repository}`);
  for (const path of ['fairway/other/blobs/uploads/', 'fairway/other/manifests/latest'])
    expect((await fetch(`http://${host}/v2/${path}`, { method: 'POST' })).status).toBe(404);
});

test('a blob that is not what its digest says is refused', async () => {
  const uploads = await fetch(`http://${registry.repository.replace('/', '/v2/')}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(uploads.headers.get('location') ?? '', uploads.url);
  location.searchParams.set('digest', `sha256:${'0'.repeat(64)}`);
  expect((await fetch(location, { method: 'PUT', body: 'something else' })).status).toBe(400);
});
