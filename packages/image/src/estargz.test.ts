import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { openEstargz } from './estargz.ts';
import { blobPath, digestOf, openLayout } from './index.ts';
import type { Layout } from './index.ts';
import type { WrittenLayer } from './layers.ts';
import { plainHeader } from './tar.ts';

const run = promisify(execFile);
let folder: string;
let layout: Layout;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-estargz-'));
  layout = await openLayout(join(folder, 'layout'));
});
afterEach(() => rm(folder, { recursive: true }));

const large = Buffer.from('0123456789abcdef'.repeat((9 << 20) / 16));

async function* inParts(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 1_000_003) yield content.subarray(at, at + 1_000_003);
}

async function layer(): Promise<WrittenLayer> {
  const writer = openEstargz(layout, undefined);
  await writer.add(plainHeader('opt', 'folder'));
  await writer.add(plainHeader('opt/empty', { size: 0 }), inParts(Buffer.alloc(0)));
  await writer.add(plainHeader('opt/large', { size: large.length }), inParts(large));
  await writer.add(plainHeader('opt/small', { size: 5 }), inParts(Buffer.from('small')));
  return writer.close();
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly size?: number;
  readonly offset?: number;
  readonly chunkOffset?: number;
  readonly chunkSize?: number;
  readonly chunkDigest?: string;
  readonly digest?: string;
}

/** What the specification says of a blob, read from its end. */
async function read({ descriptor }: WrittenLayer) {
  const blob = await readFile(blobPath(layout, descriptor.digest));
  const footer = blob.subarray(-51);
  const start = Number.parseInt(footer.subarray(16, 32).toString(), 16);
  const archive = gunzipSync(blob.subarray(start));
  const size = Number.parseInt(archive.subarray(124, 135).toString(), 8);
  const json = archive.subarray(512, 512 + size);
  return { blob, footer, start, archive, json, index: JSON.parse(json.toString()) as { entries: readonly Entry[] } };
}

// https://github.com/containerd/stargz-snapshotter/blob/v0.18.2/docs/estargz.md#footer
test('the footer has the 51 bytes of the specification', async () => {
  const { footer, start } = await read(await layer());
  const offset = start.toString(16).padStart(16, '0');
  expect(footer.toString('latin1')).toBe(
    `\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0${offset}STARGZ\x01\0\0\xff\xff\0\0\0\0\0\0\0\0`,
  );
});

test('the index is the last entry, has the digest of the annotation, and says where each part of a file is', async () => {
  const made = await layer();
  const { blob, archive, json, index } = await read(made);
  expect(archive.subarray(0, 17).toString()).toBe('stargz.index.json');
  expect(made.descriptor.annotations).toEqual({
    'containerd.io/snapshot/stargz/toc.digest': digestOf(json),
    'io.containers.estargz.uncompressed-size': String(gunzipSync(blob).length),
  });
  expect(digestOf(gunzipSync(blob))).toBe(made.diffId);
  expect(
    index.entries.map(({ name, type, size, chunkOffset, chunkSize }) => [name, type, size, chunkOffset, chunkSize]),
  )
    // a landmark, and parts of 4 MiB of which the last has no size
    .toEqual([
      ['.no.prefetch.landmark', 'reg', 1, undefined, undefined],
      ['opt/', 'dir', undefined, undefined, undefined],
      ['opt/empty', 'reg', undefined, undefined, undefined],
      ['opt/large', 'reg', 9 << 20, undefined, 4 << 20],
      ['opt/large', 'chunk', undefined, 4 << 20, 4 << 20],
      ['opt/large', 'chunk', undefined, 8 << 20, undefined],
      ['opt/small', 'reg', 5, undefined, undefined],
    ]);
  for (const { offset, chunkOffset = 0, chunkSize, chunkDigest, name } of index.entries.filter(
    one => one.chunkDigest,
  )) {
    const content = name === 'opt/large' ? large : Buffer.from(name === 'opt/small' ? 'small' : [0xf]);
    const part = content.subarray(chunkOffset, chunkSize ? chunkOffset + chunkSize : undefined);
    expect(chunkDigest).toBe(digestOf(part));
    expect(blob.subarray(offset, offset! + 3).toString('hex')).toBe('1f8b08');
    expect(gunzipSync(blob.subarray(offset)).subarray(0, part.length).equals(part)).toBe(true);
  }
  expect(index.entries.find(({ name }) => name === 'opt/large')?.digest).toBe(digestOf(large));
});

test('GNU tar reads it as any other layer, and the same files give the same bytes', async () => {
  const { descriptor } = await layer();
  expect((await layer()).descriptor).toEqual(descriptor);
  const { stdout } = await run('tar', ['-tzf', blobPath(layout, descriptor.digest)]);
  expect(stdout).toBe('.no.prefetch.landmark\nopt/\nopt/empty\nopt/large\nopt/small\nstargz.index.json\n');
});

test('what fails on the way in leaves no layer', async () => {
  const writer = openEstargz(layout, undefined);
  await writer.add(plainHeader('opt', 'folder'));
  writer.abandon(new Error('broken off'));
  await expect(writer.close()).rejects.toThrow('broken off');
});
