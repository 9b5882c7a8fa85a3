import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { PassThrough } from 'node:stream';
import { digestOf, writeBlob } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { gzipMember } from './gzip.ts';
import type { LayerWriter } from './layer-writer.ts';
import { LayoutError } from './layout-error.ts';
import { annotations, mediaTypes } from './oci.ts';
import { piecesOf } from './pieces.ts';
import { factsOf, padded, plainHeader, readHeader } from './tar.ts';
import type { TarHeader } from './tar.ts';

/** One entry of the index. Names are UTF-8; bytes of no UTF-8 are replaced, as JSON has none. */
interface IndexEntry {
  readonly name: string;
  readonly type: 'dir' | 'reg' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo' | 'chunk';
  /** Bytes of a file. */
  readonly size?: number;
  /** RFC 3339 */
  readonly modtime?: string;
  readonly linkName?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly devMajor?: number;
  readonly devMinor?: number;
  /** Values in Base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Of the content. */
  digest?: string;
  /** Where in the blob the gzip member begins. */
  offset?: number;
  /** Where in the file the chunk begins. */
  readonly chunkOffset?: number;
  /** Absent of the last one. */
  chunkSize?: number;
  chunkDigest?: string;
}

interface Member {
  readonly compressed: Promise<Buffer>;
  /** The part of a file with which it begins. */
  readonly entry?: IndexEntry;
}

const indexName = 'stargz.index.json';
/** Says that no file is to be fetched before others. */
const landmark = '.no.prefetch.landmark';
/** Bytes of a part of a file that is fetched and proved by itself, as stargz-snapshotter makes them. */
const chunkBytes = 4 << 20;

/** Seconds up to the year 10000, which RFC 3339 does not know. */
const endOfDates = 253_402_300_800;

/** Whether a path is not content of an image but what eStargz puts into each layer. */
export function isIndexFile(path: string): boolean {
  return [indexName, landmark, '.prefetch.landmark'].includes(path);
}

/**
 * Writes a layer as eStargz: gzip of which nodes with the stargz snapshotter read single files by an index, and all others the whole.
 * @see https://github.com/containerd/stargz-snapshotter/blob/v0.18.2/docs/estargz.md
 */
export function openEstargz(layout: Layout, signal: AbortSignal | undefined): LayerWriter {
  const blob = new PassThrough({ highWaterMark: 1 << 20 });
  const stored = writeBlob(layout, mediaTypes.gzipLayer, blob, { signal });
  // it is awaited in `close`; until then a failure shows in what could not be written
  stored.catch((error: Error) => blob.destroy(error));
  blob.on('error', () => undefined);

  const entries: IndexEntry[] = [];
  const plain = createHash('sha256');
  let uncompressed = 0;
  let offset = 0;
  const running: Member[] = [];
  /** What the member holds that comes next. */
  let held: Buffer[] = [];
  let begins: IndexEntry | undefined;

  const write = async (bytes: Buffer) => {
    if (blob.errored) throw blob.errored;
    offset += bytes.length;
    if (!blob.write(bytes)) await once(blob, 'drain');
  };
  const writeFirst = async () => {
    const { compressed, entry } = running.shift()!;
    const bytes = await compressed;
    if (entry) entry.offset = offset;
    await write(bytes);
  };
  /** Ends a member; the next one begins with a part of a file, or with the index. */
  const cut = async (entry?: IndexEntry) => {
    const content = Buffer.concat(held);
    if (content.length > 0) {
      const compressed = gzipMember(content);
      compressed.catch(() => undefined);
      running.push({ compressed, entry: begins });
    }
    [held, begins] = [[], entry];
    while (running.length > availableParallelism()) await writeFirst();
  };
  const hold = (bytes: Buffer) => {
    plain.update(bytes);
    uncompressed += bytes.length;
    held.push(bytes);
  };
  const addFile = async (entry: IndexEntry, size: number, content: AsyncIterable<Buffer>) => {
    const whole = createHash('sha256');
    let at = 0;
    for await (const chunk of piecesOf(content, chunkBytes)) {
      const { name } = entry;
      const part: IndexEntry = at === 0 ? entry : { name, type: 'chunk', chunkOffset: at };
      await cut(part);
      whole.update(chunk);
      part.chunkDigest = digestOf(chunk);
      if (at + chunk.length < size) part.chunkSize = chunk.length;
      entries.push(part);
      hold(chunk);
      at += chunk.length;
    }
    entry.digest = `sha256:${whole.digest('hex')}`;
    hold(Buffer.alloc(padded(size) - size));
  };
  const add = async (bytes: Buffer, content?: AsyncIterable<Buffer>) => {
    const header = await readHeader(bytes);
    const entry = indexEntry(header);
    hold(bytes);
    if (header.type === 'file' && header.size > 0 && content) await addFile(entry, header.size, content);
    else entries.push(entry);
  };
  let begun: Promise<void> | undefined;
  const begin = () =>
    (begun ??= add(
      plainHeader(landmark, { size: 1 }),
      (async function* () {
        yield Buffer.of(0xf);
      })(),
    ));

  return {
    async add(header, content) {
      await begin();
      await add(header, content);
    },
    async close() {
      await begin();
      await cut();
      while (running.length > 0) await writeFirst();
      const start = offset;
      const index = Buffer.from(JSON.stringify({ version: 1, entries }));
      hold(plainHeader(indexName, { size: index.length }));
      hold(index);
      hold(Buffer.alloc(padded(index.length) - index.length + 1024));
      await cut();
      while (running.length > 0) await writeFirst();
      await write(footer(start));
      blob.end();
      const descriptor = await stored;
      return {
        diffId: `sha256:${plain.digest('hex')}`,
        descriptor: {
          ...descriptor,
          annotations: {
            [annotations.tocDigest]: digestOf(index),
            [annotations.uncompressedSize]: String(uncompressed),
          },
        },
        uncompressed,
      };
    },
    abandon: error => void blob.destroy(error),
  };
}

function indexEntry(header: TarHeader): IndexEntry {
  const { flag, mode, uid, gid, mtime, device, attributes, hasHoles } = factsOf(header);
  const name = unicode(header.name);
  if (hasHoles)
    throw new LayoutError(
      `${name} is stored with holes, which eStargz does not know. Copy it without them in the Dockerfile (cp --sparse=never), or choose another image.compression.`,
    );
  const types = { directory: 'dir', symlink: 'symlink', link: 'hardlink', file: 'reg' } as const;
  const devices: Readonly<Record<string, IndexEntry['type']>> = { '3': 'char', '4': 'block', '6': 'fifo' };
  const type = header.type === 'other' ? devices[flag] : types[header.type];
  if (!type)
    throw new LayoutError(`${name} is of a kind that eStargz does not know. Choose another image.compression.`);
  const time = Math.round(mtime);
  const known = time > 0 && time < endOfDates;
  return {
    name,
    type,
    ...(type === 'reg' && header.size > 0 ? { size: header.size } : {}),
    ...(known ? { modtime: new Date(time * 1000).toISOString().replace('.000', '') } : {}),
    ...(type === 'symlink' || type === 'hardlink' ? { linkName: unicode(header.linkname) } : {}),
    ...{ mode, uid, gid },
    ...(type === 'char' || type === 'block' ? { devMajor: device.major, devMinor: device.minor } : {}),
    ...(attributes.size > 0
      ? { xattrs: Object.fromEntries([...attributes].map(([key, value]) => [key, value.toString('base64')])) }
      : {}),
  };
}

/** Names are held as one character for each byte. */
function unicode(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

/** A gzip member with nothing in it, whose extra field (RFC 1952, 2.3.1.1) says where the index begins. */
function footer(index: number): Buffer {
  const subfield = Buffer.from(`${index.toString(16).padStart(16, '0')}STARGZ`, 'latin1');
  const length = (bytes: number) => [bytes & 0xff, bytes >> 8];
  return Buffer.concat([
    Buffer.of(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff),
    Buffer.of(...length(subfield.length + 4), 0x53, 0x47, ...length(subfield.length)),
    subfield,
    Buffer.of(1, 0, 0, 0xff, 0xff),
    Buffer.alloc(8),
  ]);
}
