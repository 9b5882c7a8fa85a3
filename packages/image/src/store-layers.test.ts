import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compressionOf, nameImage, openLayout, readConfig, readManifest } from './index.ts';
import { storeLayersAs, verifyImage, writeBlob, writeLayer } from './index.ts';
import type { Layout } from './index.ts';
import { mediaTypes } from './oci.ts';
import { readLayer } from './read-layer.ts';

let folder: string;
let layout: Layout;
let source: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-store-'));
  layout = await openLayout(join(folder, 'layout'));
  const root = join(folder, 'root');
  await mkdir(join(root, 'opt/empty'), { recursive: true });
  await writeFile(join(root, 'opt/a'), 'content '.repeat(10_000));
  await link(join(root, 'opt/a'), join(root, 'opt/b'));
  await symlink('a', join(root, 'opt/c'));
  await promisify(execFile)('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
  const made = [
    await writeLayer(layout, createReadStream(`${root}.tar`)),
    await writeLayer(layout, createReadStream(`${root}.tar`)),
  ];
  const rootfs = { type: 'layers', diff_ids: made.map(({ diffId }) => diffId) };
  const json = (value: object) => [Buffer.from(JSON.stringify(value))];
  const config = await writeBlob(layout, mediaTypes.config, json({ architecture: 'amd64', os: 'linux', rootfs }));
  const layers = made.map(({ descriptor }) => descriptor);
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
  source = (await writeBlob(layout, mediaTypes.manifest, json(manifest))).digest;
});
afterEach(() => rm(folder, { recursive: true }));

async function entriesOf(layer: Parameters<typeof readLayer>[1]): Promise<readonly string[]> {
  const entries: string[] = [];
  await readLayer(layout, layer, async ({ header, path, content }) => {
    const parts: Buffer[] = [];
    for await (const part of content) parts.push(part);
    entries.push([path, header.type, header.linkname, Buffer.concat(parts).toString()].join(' '));
  });
  return entries;
}

test.each(['zstd', 'none'] as const)(
  'layers in %s hold the same archives, so the image has the same configuration, and the base the same digests',
  async compression => {
    const before = await readManifest(layout, source);
    const stored = await storeLayersAs(layout, { source, keep: 1, compression });
    const after = await readManifest(layout, stored.digest);
    expect(after.config).toEqual(before.config);
    expect(after.layers[0]).toEqual(before.layers[0]);
    expect(compressionOf(after.layers[1]!)).toBe(compression);
    await nameImage(layout, 'stored', stored);
    await verifyImage(layout, stored.digest);
    expect(await storeLayersAs(layout, { source, keep: 1, compression })).toEqual(stored);
    expect(await storeLayersAs(layout, { source: stored.digest, keep: 1, compression })).toEqual(stored);
    const back = await storeLayersAs(layout, { source: stored.digest, keep: 1, compression: 'gzip' });
    expect(back.digest).toBe(source);
  },
);

test('eStargz adds its index and its landmark to each layer, once', async () => {
  const before = await readManifest(layout, source);
  const stored = await storeLayersAs(layout, { source, keep: 1, compression: 'estargz' });
  const plain = await storeLayersAs(layout, { source: stored.digest, keep: 1, compression: 'none' });
  const again = await storeLayersAs(layout, { source: plain.digest, keep: 1, compression: 'estargz' });
  expect(again).toEqual(stored);
  const after = await readManifest(layout, stored.digest);
  expect(after.layers[0]).toEqual(before.layers[0]);
  const [first, ...entries] = await entriesOf(after.layers[1]!);
  expect(first).toBe('.no.prefetch.landmark file  \x0f');
  expect(entries.at(-1)).toMatch(/^stargz\.index\.json file {2}\{"version":1/);
  expect(entries.slice(0, -1)).toEqual(await entriesOf(before.layers[1]!));
  await nameImage(layout, 'stored', stored);
  await verifyImage(layout, stored.digest);
  expect((await readConfig(layout, after)).architecture).toBe('amd64');
});

test('a layer that is not what the configuration says is no image in another form', async () => {
  const { layers, ...manifest } = await readManifest(layout, source);
  const other = await writeLayer(layout, [Buffer.alloc(1024)]);
  const json = [Buffer.from(JSON.stringify({ ...manifest, layers: [layers[0], other.descriptor] }))];
  const broken = await writeBlob(layout, mediaTypes.manifest, json);
  await expect(storeLayersAs(layout, { source: broken.digest, keep: 1, compression: 'zstd' })).rejects.toThrow(
    /^The layer sha256:\w+ holds the archive sha256:\w+, and the configuration of the image says sha256:\w+\. Build the image again\.$/,
  );
});
