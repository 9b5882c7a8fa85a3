import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { blobPath, digestOf, openLayout, storedLayers, unpackedSize, writeLayer } from './index.ts';
import { writeBlob } from './index.ts';
import type { Descriptor, Layout } from './index.ts';
import { compressionOf, isStoredAs } from './compression.ts';
import { nameImage } from './layout.ts';
import { mediaTypes } from './oci.ts';
import { unzstd } from './zstd.ts';

let folder: string;
let layout: Layout;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-forms-'));
  layout = await openLayout(join(folder, 'layout'));
});
afterEach(() => rm(folder, { recursive: true }));

const blobOf = ({ digest }: Descriptor) => readFile(blobPath(layout, digest));

// media types: https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md, first bytes: RFC 1952 2.3.1 and RFC 8878 3.1.1
test.each([
  ['gzip', 'application/vnd.oci.image.layer.v1.tar+gzip', '1f8b08'],
  ['zstd', 'application/vnd.oci.image.layer.v1.tar+zstd', '28b52ffd'],
  ['none', 'application/vnd.oci.image.layer.v1.tar', '7061636b616765'],
] as const)('a layer in %s has the media type of OCI and begins as its format does', async (form, mediaType, magic) => {
  const archive = Buffer.from('packages of a language '.repeat(300_000));
  const { descriptor, diffId, uncompressed } = await writeLayer(layout, [archive], undefined, form);
  expect(descriptor.mediaType).toBe(mediaType);
  expect((await blobOf(descriptor)).toString('hex')).toMatch(new RegExp(`^${magic}`));
  expect({ diffId, uncompressed }).toEqual({ diffId: digestOf(archive), uncompressed: archive.length });
  expect(compressionOf(descriptor)).toBe(form);
});

test('zstd gives the same file however the bytes come, in frames that each say their size', async () => {
  const archive = Buffer.concat([Buffer.from('sources '.repeat(800_000)), randomBytes(5 << 20)]);
  const whole = await writeLayer(layout, [archive], undefined, 'zstd');
  const cut = Array.from({ length: 1000 }, (_, at) => archive.subarray(at * 12_000, (at + 1) * 12_000));
  expect((await writeLayer(layout, cut, undefined, 'zstd')).descriptor).toEqual(whole.descriptor);
  const file = createReadStream(blobPath(layout, whole.descriptor.digest), { highWaterMark: 100_000 });
  const read: Buffer[] = [];
  for await (const piece of unzstd(file as AsyncIterable<Buffer>)) read.push(piece);
  expect(Buffer.concat(read).equals(archive)).toBe(true);
  expect(whole.descriptor.size).toBeLessThan(archive.length * 0.5);
  // RFC 8878, 3.1.1.1: the two highest bits of the descriptor say how many bytes the size has
  const start = await blobOf(whole.descriptor);
  expect(start.readUInt8(4) >> 6).toBeGreaterThan(0);
  expect(zstdDecompressSync(start).subarray(0, 8).toString()).toBe('sources ');
});

test('whoever asks for gzip has it in eStargz too, and not the other way round', () => {
  const layer = { mediaType: mediaTypes.gzipLayer, digest: digestOf(''), size: 1 };
  const indexed = { ...layer, annotations: { 'containerd.io/snapshot/stargz/toc.digest': digestOf('') } };
  expect([isStoredAs(indexed, 'gzip'), isStoredAs(layer, 'estargz'), isStoredAs(layer, 'zstd')]).toEqual([
    ...[true, false, false],
  ]);
});

test('the size of an archive in eStargz is what its annotation says, as its last member is empty', async () => {
  const layer = await writeBlob(layout, mediaTypes.gzipLayer, [Buffer.alloc(60)]);
  const indexed = {
    ...layer,
    annotations: {
      'containerd.io/snapshot/stargz/toc.digest': digestOf(''),
      'io.containers.estargz.uncompressed-size': '5000000000',
    },
  };
  expect(await unpackedSize(layout, indexed)).toBe(5_000_000_000);
});

test('a build finds the layer that a build stored, and not the one that was made of it', async () => {
  const archive = Buffer.from('weights'.repeat(1000));
  for (const [name, form] of [
    ['optimize', 'zstd'],
    ['build', 'gzip'],
    ['later', 'zstd'],
  ] as const) {
    const { descriptor, diffId } = await writeLayer(layout, [archive], undefined, form);
    const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } };
    const json = (value: object) => [Buffer.from(JSON.stringify(value))];
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, layers: [descriptor] };
    const stored = await writeBlob(layout, mediaTypes.config, json(config));
    const whole = await writeBlob(layout, mediaTypes.manifest, json({ ...manifest, config: stored }));
    await nameImage(layout, name, whole);
  }
  expect((await storedLayers(layout)).get(digestOf(archive))?.descriptor.mediaType).toBe(mediaTypes.gzipLayer);
});
