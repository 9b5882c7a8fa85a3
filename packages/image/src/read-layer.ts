import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { blobPath } from './blobs.ts';
import type { Layout } from './blobs.ts';
import type { Descriptor } from './oci.ts';
import { tarEntries } from './tar.ts';
import type { TarEntry } from './tar.ts';
import { unzstd } from './zstd.ts';

/** One entry of a layer's archive, in the archive's order. */
export interface LayerEntry extends TarEntry {
  /** Without slashes at its ends; empty for the root. */
  readonly path: string;
}

/** Reads the archive of a layer, whichever way it is compressed. */
export async function readLayer(
  layout: Layout,
  { digest, mediaType }: Descriptor,
  visit: (entry: LayerEntry) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  for await (const entry of layerEntries(openBlob(layout, digest, signal), mediaType)) await visit(entry);
}

/** The archive of a layer, whichever way it is compressed. */
export function readArchive(
  layout: Layout,
  { digest, mediaType }: Descriptor,
  signal?: AbortSignal,
): AsyncIterable<Buffer> {
  return decompressed(openBlob(layout, digest, signal), mediaType);
}

function openBlob(layout: Layout, digest: string, signal: AbortSignal | undefined): Readable {
  return createReadStream(blobPath(layout, digest), { highWaterMark: 1 << 20, signal });
}

/** The entries of a layer as it comes. */
export async function* layerEntries(blob: Readable, mediaType: string): AsyncGenerator<LayerEntry> {
  for await (const { header, content } of tarEntries(decompressed(blob, mediaType)))
    yield { header, path: plainPath(header.name), content };
}

/** A path as container engines clean it before they follow it: none leads out of the root. */
export function plainPath(name: string): string {
  return posix.join('/', name).replace(/^\/|\/$/g, '');
}

function decompressed(blob: Readable, mediaType: string): AsyncIterable<Buffer> {
  if (/zstd$/.test(mediaType)) return unzstd(blob);
  if (!/gzip$/.test(mediaType)) return blob;
  // whoever reads gets the error
  return pipeline(blob, createGunzip({ chunkSize: 256 << 10 }), () => undefined);
}
