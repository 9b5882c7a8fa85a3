import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import tar from 'tar-stream';
import {
  SizeMisled,
  blobPath,
  engineArchive,
  findImage,
  imageBlobs,
  importArchive,
  mediaTypes,
  missingBlob,
  nameImage,
  openLayout,
  pruneLayout,
  readConfig,
  readManifest,
  requireSpace,
  unpackedSize,
  verifyImage,
  writeBlob,
  writeLayer,
} from './index.ts';
import type { Descriptor, Layout } from './index.ts';

const run = promisify(execFile);
const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let layout: Layout;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-layout-'));
  layout = await openLayout(folder);
});
afterEach(() => rm(folder, { recursive: true }));

type Files = readonly (readonly [name: string, content: Uint8Array | string | { readonly link: string }])[];

async function archiveOf(files: Files): Promise<Buffer> {
  const pack = tar.pack();
  for (const [name, content] of files) {
    const time = { mtime: new Date(0) };
    if (content instanceof Uint8Array || typeof content === 'string')
      pack.entry({ name, ...time }, Buffer.from(content as string));
    else pack.entry({ name, type: 'symlink', linkname: content.link, ...time });
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A layer with one file of so many bytes. */
const layerOf = (name: string, bytes: number, fill = name) => archiveOf([[name, Buffer.alloc(bytes, fill)]]);
const configOf = (layers: readonly Buffer[]) =>
  JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { User: '7' },
    rootfs: { type: 'layers', diff_ids: layers.map(layer => `sha256:${sha(layer)}`) },
  });

/** As Docker before 25 saves an image: a folder a layer, the list at the end. */
function savedByOldDocker(layers: readonly Buffer[]): Promise<Buffer> {
  const config = configOf(layers);
  const places = layers.map((layer, at) => {
    const same = layers.findIndex(other => other.equals(layer));
    return [`layer-${at}/layer.tar`, same < at ? { link: `../layer-${same}/layer.tar` } : layer] as const;
  });
  const list = [{ Config: `${sha(config)}.json`, RepoTags: ['a:1'], Layers: places.map(([name]) => name) }];
  return archiveOf([...places, [`${sha(config)}.json`, config], ['manifest.json', JSON.stringify(list)]]);
}

/** As containerd's image store saves it: an OCI layout, whose layers may be compressed. */
async function savedAsLayout(layers: readonly Buffer[], compress: (layer: Buffer) => Promise<Buffer>) {
  const config = configOf(layers);
  const blobs = await Promise.all(layers.map(compress));
  const at = (content: Buffer | string) => `blobs/sha256/${sha(content)}`;
  const describe = (mediaType: string, content: Buffer | string) => ({
    mediaType,
    digest: `sha256:${sha(content)}`,
    size: Buffer.byteLength(content),
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: describe('application/vnd.docker.container.image.v1+json', config),
    layers: blobs.map(blob => describe('application/vnd.docker.image.rootfs.diff.tar.gzip', blob)),
  });
  const list = [{ Config: at(config), RepoTags: ['a:1'], Layers: blobs.map(at) }];
  const contents = [...blobs, Buffer.from(config), Buffer.from(manifest)];
  const archive = await archiveOf([
    ...contents.map(content => [at(content), content] as const),
    ['index.json', JSON.stringify({ schemaVersion: 2, manifests: [describe('', manifest)] })],
    ['manifest.json', JSON.stringify(list)],
    ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
  ]);
  return { archive, manifest };
}

const diffIds = (layers: readonly Buffer[]) => layers.map(layer => `sha256:${sha(layer)}`);
const bring = (archive: Buffer, layers: readonly Buffer[], more: { trustSizes?: boolean; pieces?: number } = {}) => {
  const { pieces = 65_536 } = more;
  const chunks = Array.from({ length: Math.ceil(archive.length / pieces) }, (_, at) =>
    archive.subarray(at * pieces, (at + 1) * pieces),
  );
  return importArchive(layout, { archive: Readable.from(chunks), layers: diffIds(layers), ...more });
};
const gzip = async (content: Buffer): Promise<Buffer> => {
  const running = run('gzip', ['-9', '-n'], { encoding: 'buffer', maxBuffer: 1 << 28 });
  running.child.stdin?.end(content);
  return (await running).stdout;
};
const blobs = () => readdir(join(folder, 'blobs', 'sha256'));
const inodes = async (image: Descriptor) =>
  (
    await run('stat', [
      '-c',
      '%i',
      ...(await imageBlobs(layout, image.digest)).map(one => blobPath(layout, one.digest)),
    ])
  ).stdout;

test('an archive of older Docker becomes an image whose blobs gunzip finds to be the layers', async () => {
  const layers = [await layerOf('a', 3_000_000), await layerOf('b', 10), await layerOf('a', 3_000_000)];
  const image = await bring(await savedByOldDocker(layers), layers);
  const manifest = await readManifest(layout, image.digest);
  expect(manifest.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
  for (const [at, { digest, size }] of manifest.layers.entries()) {
    const path = blobPath(layout, digest);
    const hashed = (await run('sha256sum', [path])).stdout.slice(0, 64);
    const unpacked = await run('sh', ['-c', 'gunzip --stdout < "$0" | sha256sum', path]);
    expect([`sha256:${hashed}`, (await readFile(path)).length]).toEqual([digest, size]);
    expect(unpacked.stdout.slice(0, 64)).toBe(sha(layers[at]!));
  }
  expect((await readConfig(layout, manifest)).rootfs.diff_ids).toEqual(diffIds(layers));
  expect(manifest.layers[0]?.digest).toBe(manifest.layers[2]?.digest);
  await verifyImage(layout, image.digest);
});

test('the image is the same in whatever pieces the archive comes', async () => {
  const layers = [await layerOf('a', 2_000_000)];
  const archive = await savedByOldDocker(layers);
  const whole = await bring(archive, layers, { pieces: archive.length });
  await rm(folder, { recursive: true });
  layout = await openLayout(folder);
  expect(await bring(archive, layers, { pieces: 777 })).toEqual(whole);
});

test('what is compressed already stays as it is, and the image keeps its manifest', async () => {
  const layers = [await layerOf('a', 3_000_000), await archiveOf([['noise', Buffer.from(sha('n').repeat(40_000))]])];
  const { archive, manifest } = await savedAsLayout(layers, gzip);
  const image = await bring(archive, layers);
  expect(image).toMatchObject({ digest: `sha256:${sha(manifest)}`, size: Buffer.byteLength(manifest) });
  await verifyImage(layout, image.digest);
});

test('layers that are there are not written again, whichever Docker saves them', async () => {
  const base = await layerOf('a', 3_000_000);
  const first = [base, await layerOf('b', 2_000_000)];
  const image = await bring(await savedByOldDocker(first), first);
  await nameImage(layout, 'build', image);
  const before = await inodes(image);
  const second = [...first, await layerOf('c', 10)];
  const more = await bring(await savedByOldDocker(second), second);
  expect((await inodes(more)).split('\n').slice(2, 4)).toEqual(before.split('\n').slice(2, 4));
  const { archive } = await savedAsLayout(second, async layer => layer);
  expect((await bring(archive, second)).digest).toBe(more.digest);
});

test('a layer with the size of a stored one is not taken for it', async () => {
  const base = await layerOf('a', 3_000_000);
  const image = await bring(await savedByOldDocker([base]), [base]);
  await nameImage(layout, 'build', image);
  const layers = [base, await layerOf('a', 3_000_000, 'x')];
  const archive = await savedByOldDocker(layers);
  await expect(bring(archive, layers)).rejects.toThrow(SizeMisled);
  await verifyImage(layout, (await bring(archive, layers, { trustSizes: false })).digest);
});

test.each([
  ['no list', async () => archiveOf([['a', 'b']]), 'has no manifest.json'],
  [
    'two images',
    async () => archiveOf([['manifest.json', JSON.stringify([{}, {}])]]),
    'The archive holds 2 images, and one is read.',
  ],
  [
    'another configuration',
    async () =>
      archiveOf([
        ['1.json', '{}'],
        ['manifest.json', JSON.stringify([{ Config: '1.json', Layers: [] }])],
      ]),
    'the archive is damaged',
  ],
  [
    'another layer',
    async () => {
      const good = await savedByOldDocker([await layerOf('a', 10)]);
      good.write('b', 1024); // the first byte of the file in the layer
      return good;
    },
    'the archive is damaged',
  ],
])('an archive with %s is rejected', async (_name, archive, said) => {
  await expect(bring(await archive(), [])).rejects.toThrow(said);
});

test('an archive that breaks off leaves nothing behind', async () => {
  const layers = [await layerOf('a', 3_000_000)];
  const archive = await savedByOldDocker(layers);
  await expect(bring(archive.subarray(0, 2_000_000), layers)).rejects.toThrow();
  expect(await blobs()).toEqual([]);
  expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
});

test('a name moves to the newer image, and pruning takes what only the older one had', async () => {
  const base = await layerOf('a', 10);
  const older = await bring(await savedByOldDocker([base, await layerOf('b', 10)]), []);
  await nameImage(layout, 'build', older);
  const newer = await bring(await savedByOldDocker([base, await layerOf('c', 10)]), []);
  await nameImage(layout, 'build', newer, { 'io.containerd.image.name': 'docker.io/library/a:2' });
  expect(await findImage(layout, { name: 'build' })).toMatchObject({ digest: newer.digest });
  expect(await findImage(layout, { digest: older.digest })).toBeUndefined();
  // manifest, configuration and a layer of the older one
  const before = await blobs();
  expect(await pruneLayout(layout)).toBeGreaterThan(0);
  expect(await blobs()).toHaveLength(before.length - 3);
  await verifyImage(layout, newer.digest);
  expect(await missingBlob(layout, newer.digest)).toBeUndefined();
  expect(await missingBlob(layout, older.digest)).toContain('is not in');
});

test('a changed or missing blob is named', async () => {
  const image = await bring(await savedByOldDocker([await layerOf('a', 10)]), []);
  await nameImage(layout, 'build', image);
  const [, , layer] = await imageBlobs(layout, image.digest);
  await writeFile(blobPath(layout, layer!.digest), Buffer.alloc(layer!.size));
  expect(await missingBlob(layout, image.digest)).toBeUndefined();
  await expect(verifyImage(layout, image.digest)).rejects.toThrow(`${blobPath(layout, layer!.digest)} was changed`);
  await rm(blobPath(layout, layer!.digest));
  expect(await missingBlob(layout, image.digest)).toContain('is missing or has another size');
});

test('git does not see a layout', async () => {
  await run('git', ['init', '--quiet'], { cwd: folder });
  expect((await run('git', ['status', '--porcelain'], { cwd: folder })).stdout).toBe('');
});

test('a digest does not lead out of the folder', () => {
  expect(() => blobPath(layout, 'sha256:../../etc/passwd')).toThrow('is not a SHA-256 digest');
});

// image specification 1.1, manifest.md: `mediaType` SHOULD be there
test('a manifest that does not say what it is is that of an image', async () => {
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${sha('{}')}`, size: 2 };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [] }));
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const { digest } = await writeBlob(layout, type, [bytes]);
  expect((await imageBlobs(layout, digest))[0]).toEqual({ mediaType: type, digest, size: bytes.length });
});

test('a layout of another version is not touched', async () => {
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}');
  await expect(openLayout(folder)).rejects.toThrow('has the version "2.0.0"');
});

test('what an engine loads comes back as the same image', async () => {
  const layers = [await layerOf('a', 2_000_000), await layerOf('b', 10), await layerOf('b', 10)];
  const image = await bring(await savedByOldDocker(layers), layers);
  const chunks: Buffer[] = [];
  for await (const chunk of engineArchive(layout, image.digest, 'a:1', 'docker.io/library/a:1'))
    chunks.push(chunk as Buffer);
  await rm(folder, { recursive: true });
  layout = await openLayout(folder);
  expect(await bring(Buffer.concat(chunks), [])).toEqual(image);
});

test('a disk without room is said before anything is written', async () => {
  await requireSpace([{ folder, bytes: 1 }], 'The image a:1');
  await expect(requireSpace([{ folder, bytes: 1e18 }], 'The image a:1')).rejects.toThrow(
    /^The image a:1 takes up to 1000000000.00 GB in \S+, and [\d.]+ GB are free there\. Free [\d.]+ GB, or put \S+ on a larger disk\.$/,
  );
});

test('folders on one disk share what is free there', async () => {
  const other = await mkdtemp(join(tmpdir(), 'fairway-layout-'));
  const { bavail, bsize } = await statfs(folder);
  const half = bavail * bsize * 0.6;
  await requireSpace([{ folder, bytes: half }], 'The image a:1');
  const both = requireSpace(
    [folder, other].map(place => ({ folder: place, bytes: half })),
    'The image a:1',
  );
  await expect(both).rejects.toThrow(
    new RegExp(`GB in ${folder} and [\\d.]+ GB in ${other}, which are on one disk, and [\\d.]+ GB are free there`),
  );
  await rm(other, { recursive: true });
});

test.each([
  ['zeros, of which gzip leaves a thousandth', Buffer.alloc(3 << 20)],
  ['bytes that gzip makes more of', randomBytes(3 << 20)],
])('the size of a layer is known without unpacking it: %s', async (_name, content) => {
  const { descriptor } = await writeLayer(layout, [content]);
  expect(await unpackedSize(layout, descriptor)).toBe(3 << 20);
});

test('a layer of more than 4 GiB is no smaller unpacked than its blob', async () => {
  // 5 GiB of which nothing compresses, with the end that RFC 1952 gives it: 5 GiB - 4 GiB
  const digest = `sha256:${'5'.repeat(64)}`;
  const size = 5 * 2 ** 30 + 2 ** 20;
  const file = await open(blobPath(layout, digest), 'w');
  const end = Buffer.alloc(4);
  end.writeUInt32LE(2 ** 30);
  await file.write(end, 0, 4, size - 4);
  await file.close();
  expect(await unpackedSize(layout, { mediaType: mediaTypes.gzipLayer, digest, size })).toBe(5 * 2 ** 30);
});
