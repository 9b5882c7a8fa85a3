import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { digestOf, hasBlob, measure, writeBlob } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { LayoutError } from './layout-error.ts';
import { storedLayers, uncompressedSize, writeLayer } from './layers.ts';
import type { StoredLayer } from './layers.ts';
import { mediaTypes } from './oci.ts';
import type { Descriptor, ImageConfig, ImageManifest } from './oci.ts';

/** A layer of the archive has the size of a stored one and differs from it: import the archive again, with `trustSizes: false`. */
export class SizeMisled extends Error {}

export interface ArchiveImport {
  /** What `docker save` writes of one image: with a folder for each layer (before Docker 25), or as an OCI layout (since). */
  readonly archive: Readable;
  /** Digests of the uncompressed layers of the image, as its engine knows them. */
  readonly layers: readonly string[];
  /**
   * Whether a large layer that has the size of a stored one of this image counts as that one until its digest is known, so that it is
   * neither compressed nor written. Default true. The archive of older Docker names no digests, and lists the layers at its end.
   */
  readonly trustSizes?: boolean;
  readonly signal?: AbortSignal;
}

/** An entry of the archive: bytes that are small, a layer, a blob that is compressed already, or the name of another entry. */
type Entry =
  | { readonly bytes: Buffer }
  | { readonly layer: StoredLayer }
  | { readonly blob: Descriptor }
  | { readonly link: string };

/** Entries up to this size are held until it is known what they are. */
const small = 1 << 20;

/**
 * Reads an image out of an archive of Docker into a layout, as it passes. Layers that the layout has are not written again, plain ones are
 * compressed, and those that are compressed already stay as they are, with their manifest.
 * @returns the manifest's descriptor; the image has no name in the layout yet
 * @throws LayoutError when the archive is not one, holds several images, or breaks its own digests; SizeMisled
 */
export async function importArchive(layout: Layout, request: ArchiveImport): Promise<Descriptor> {
  const known = await storedLayers(layout);
  const expected = new Map(request.layers.flatMap(id => (known.has(id) ? [[id, known.get(id)!] as const] : [])));
  const sizes = new Set<number | undefined>();
  if (request.trustSizes ?? true)
    for (const layer of expected.values()) sizes.add(await uncompressedSize(layout, layer));
  const entries = new Map<string, Entry>();
  const extract = tar.extract();
  const read = (async () => {
    for await (const entry of extract) {
      const { name, type, linkname, size = 0 } = entry.header;
      const content = entry as unknown as Readable;
      if (type === 'symlink' && linkname) entries.set(name, { link: posix.join(posix.dirname(name), linkname) });
      else if (type === 'link' && linkname) entries.set(name, { link: linkname });
      else if (type === 'file' && size <= small) entries.set(name, { bytes: await bytesOf(content) });
      else if (type === 'file')
        entries.set(name, await largeEntry(layout, { name, size, content, expected, sizes, signal: request.signal }));
      entry.resume();
    }
  })();
  const passed = pipeline(request.archive, extract, { signal: request.signal });
  // the reason why nothing more was read says more than that the archive broke off
  const [outcome] = await Promise.allSettled([read, passed]);
  request.signal?.throwIfAborted();
  if (outcome.status === 'rejected' && !isBrokenStream(outcome.reason)) throw outcome.reason;
  await passed;
  await read;
  return assemble(layout, entries, known, request.signal);
}

interface LargeEntry {
  readonly name: string;
  readonly size: number;
  readonly content: Readable;
  readonly expected: ReadonlyMap<string, StoredLayer>;
  readonly sizes: ReadonlySet<number | undefined>;
  readonly signal?: AbortSignal;
}

async function largeEntry(layout: Layout, entry: LargeEntry): Promise<Entry> {
  const { name, size, expected, signal } = entry;
  const named = blobName(name);
  const stored = named && expected.get(named);
  if (stored) return { layer: stored };
  const pieces = entry.content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await pieces.next();
  const content = joined(first, pieces);
  const compressed = first.done ? undefined : compressionOf(first.value);
  if (compressed) {
    const blob = { mediaType: compressed, digest: named ?? '', size };
    if (named && (await hasBlob(layout, blob))) return { blob };
    const written = await writeBlob(layout, compressed, content, { signal });
    if (named && written.digest !== named) throw damaged(name, written.digest);
    return { blob: written };
  }
  if (!entry.sizes.has(size % 2 ** 32)) return { layer: await writeLayer(layout, content, signal) };
  const { stream, result } = measure();
  await pipeline(content, stream.resume(), { signal });
  const layer = expected.get(result().digest);
  if (!layer) throw new SizeMisled(`${name} is not the stored layer of ${size} bytes.`);
  return { layer };
}

/** Puts together what `manifest.json` of the archive lists. */
async function assemble(
  layout: Layout,
  entries: ReadonlyMap<string, Entry>,
  known: ReadonlyMap<string, StoredLayer>,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const entry = (name: string): Entry => {
    const found = entries.get(name);
    if (!found) throw new LayoutError(`The archive of the image has no ${name}, which its manifest names.`);
    return 'link' in found ? entry(found.link) : found;
  };
  const bytes = (name: string): Buffer => {
    const found = entry(name);
    if ('bytes' in found) return found.bytes;
    throw new LayoutError(`${name} in the archive of the image has more than ${small} bytes; it must be JSON.`);
  };
  const images = JSON.parse(bytes('manifest.json').toString('utf8')) as { Config: string; Layers: string[] }[];
  const [image] = images;
  if (!image || images.length > 1) throw new LayoutError(`The archive holds ${images.length} images, and one is read.`);
  const content = bytes(image.Config);
  const config = digestOf(content);
  if (!image.Config.includes(config.slice('sha256:'.length))) throw damaged(image.Config, config);
  const diffIds = (JSON.parse(content.toString('utf8')) as ImageConfig).rootfs.diff_ids;
  if (diffIds.length !== image.Layers.length)
    throw new LayoutError(`The image has ${diffIds.length} layers, and its archive ${image.Layers.length}.`);
  const layers: Descriptor[] = [];
  for (const [at, name] of image.Layers.entries())
    layers.push(await layerOf(layout, name, entry(name), diffIds[at] ?? '', known, signal));
  await writeBlob(layout, mediaTypes.config, [content], { signal });
  const original = originalManifest(entries, config, layers);
  if (original) return writeBlob(layout, original.mediaType, [original.bytes], { signal });
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: config, size: content.length },
    layers,
  };
  return writeBlob(layout, mediaTypes.manifest, [Buffer.from(JSON.stringify(manifest))], { signal });
}

async function layerOf(
  layout: Layout,
  name: string,
  entry: Entry,
  diffId: string,
  known: ReadonlyMap<string, StoredLayer>,
  signal?: AbortSignal,
): Promise<Descriptor> {
  if ('blob' in entry) return entry.blob;
  if ('bytes' in entry) {
    const compressed = compressionOf(entry.bytes);
    if (compressed) return writeBlob(layout, compressed, [entry.bytes], { signal });
    const found = digestOf(entry.bytes);
    if (found !== diffId) throw damaged(name, found);
    return known.get(diffId)?.descriptor ?? (await writeLayer(layout, [entry.bytes], signal)).descriptor;
  }
  if (!('layer' in entry)) throw new LayoutError(`${name} in the archive of the image is not a layer.`);
  if (entry.layer.diffId !== diffId) throw damaged(name, entry.layer.diffId);
  return entry.layer.descriptor;
}

/** The manifest that the archive has of the image, where all of its blobs are stored as they are: an image keeps its digest then. */
function originalManifest(entries: ReadonlyMap<string, Entry>, config: string, layers: readonly Descriptor[]) {
  for (const [name, entry] of entries) {
    if (!blobName(name) || !('bytes' in entry) || entry.bytes[0] !== '{'.charCodeAt(0)) continue;
    const manifest = JSON.parse(entry.bytes.toString('utf8')) as Partial<ImageManifest>;
    const same =
      manifest.config?.digest === config &&
      manifest.layers?.length === layers.length &&
      manifest.layers.every(({ digest }, at) => digest === layers[at]?.digest);
    if (same) return { mediaType: manifest.mediaType ?? mediaTypes.manifest, bytes: entry.bytes };
  }
  return undefined;
}

/** The digest of an entry that is a blob of an OCI layout. */
function blobName(name: string): string | undefined {
  const [, hex] = /^(?:\.\/)?blobs\/sha256\/([0-9a-f]{64})$/.exec(name) ?? [];
  return hex && `sha256:${hex}`;
}

/** The media type of a layer that begins like this, or undefined for one that is not compressed. */
function compressionOf(start: Uint8Array): string | undefined {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex');
  if (hex.startsWith('1f8b')) return mediaTypes.gzipLayer;
  return hex === '28b52ffd' ? mediaTypes.zstdLayer : undefined;
}

async function bytesOf(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function* joined(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let piece = first; !piece.done; piece = await rest.next()) yield piece.value;
}

function isBrokenStream(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function damaged(name: string, digest: string): LayoutError {
  return new LayoutError(`${name} in the archive of the image has the digest ${digest}: the archive is damaged.`);
}
