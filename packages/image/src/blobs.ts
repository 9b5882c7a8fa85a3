import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LayoutError } from './layout-error.ts';
import type { Descriptor } from './oci.ts';

/** An OCI image layout (image specification 1.1) on disk. */
export interface Layout {
  readonly folder: string;
}

/** Bytes in pieces, as streams and arrays have them. */
export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Where files lie until they are whole. */
export const unfinished = 'unfinished';

export function digestOf(content: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/**
 * Where a blob lies.
 * @throws LayoutError when it is not a SHA-256 digest, so that no document leads out of the folder
 */
export function blobPath({ folder }: Layout, digest: string): string {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  if (!hex) throw new LayoutError(`${folder}: "${digest.slice(0, 80)}" is not a SHA-256 digest.`);
  return join(folder, 'blobs', 'sha256', hex);
}

/** Bytes of a stored blob; undefined where there is none. */
export async function blobSize(layout: Layout, digest: string): Promise<number | undefined> {
  return (await stat(blobPath(layout, digest)).catch(absent))?.size;
}

/** Whether a blob is there with all its bytes; their digest is not computed. */
export async function hasBlob(layout: Layout, { digest, size }: Descriptor): Promise<boolean> {
  return (await blobSize(layout, digest)) === size;
}

/** Computes the digest of a stored blob; undefined where there is none. */
export async function storedDigest(layout: Layout, digest: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(blobPath(layout, digest), { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    return absent(error as NodeJS.ErrnoException);
  }
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Stores bytes as a blob, whole or not at all.
 * @param through what the bytes pass on the way to the disk, such as a compression
 */
export async function writeBlob(
  layout: Layout,
  mediaType: string,
  content: Bytes,
  { signal, through = [] }: { readonly signal?: AbortSignal; readonly through?: readonly Duplex[] } = {},
): Promise<Descriptor> {
  await mkdir(join(layout.folder, unfinished), { recursive: true });
  const file = join(layout.folder, unfinished, randomUUID());
  try {
    const measured = measure();
    const target = createWriteStream(file, { highWaterMark: 1 << 20, flush: true });
    await pipeline([Readable.from(content), ...through, measured.stream, target], { signal });
    const { digest, size } = measured.result();
    const path = blobPath(layout, digest);
    await mkdir(join(path, '..'), { recursive: true });
    await rename(file, path);
    return { mediaType, digest, size };
  } finally {
    await rm(file, { force: true });
  }
}

/** A stream that passes bytes on and measures them. */
export function measure(): { readonly stream: Transform; result(): { digest: string; size: number } } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ digest: `sha256:${hash.digest('hex')}`, size }) };
}

export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
