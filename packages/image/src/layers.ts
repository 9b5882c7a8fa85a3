import { open } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { absent, blobPath, hasBlob, measure, writeBlob } from './blobs.ts';
import type { Bytes, Layout } from './blobs.ts';
import { compressionOf, forms } from './compression.ts';
import type { WholeForm } from './compression.ts';
import { readConfig, readIndex, readManifest } from './layout.ts';
import { annotations } from './oci.ts';
import type { Descriptor } from './oci.ts';

/** A layer in a layout. */
export interface StoredLayer {
  /** Digest of the uncompressed archive. */
  readonly diffId: string;
  /** The blob. */
  readonly descriptor: Descriptor;
}

export interface WrittenLayer extends StoredLayer {
  /** Bytes of the uncompressed archive. */
  readonly uncompressed: number;
}

/** Stores a tar archive as a layer. The same archive always gives the same bytes with the same Node. */
export async function writeLayer(
  layout: Layout,
  archive: Bytes,
  signal?: AbortSignal,
  compression: WholeForm = 'gzip',
): Promise<WrittenLayer> {
  const plain = measure();
  const { mediaType, compress } = forms[compression];
  const through = [plain.stream, ...(compress ? [Duplex.from(compress)] : [])];
  const descriptor = await writeBlob(layout, mediaType, archive, { signal, through });
  const { digest: diffId, size: uncompressed } = plain.result();
  return { diffId, descriptor, uncompressed };
}

/** The layers of all images of a layout, by the digest of their uncompressed archives. */
export async function storedLayers(layout: Layout): Promise<ReadonlyMap<string, StoredLayer>> {
  const layers = new Map<string, StoredLayer>();
  for (const { digest } of (await readIndex(layout)).manifests) {
    const manifest = await readManifest(layout, digest);
    const { rootfs } = await readConfig(layout, manifest);
    for (const [at, diffId] of rootfs.diff_ids.entries()) {
      const descriptor = manifest.layers[at];
      // what a build stored stays what the next one finds, though `optimize` has the same archive in another form
      if (!descriptor || (layers.has(diffId) && compressionOf(descriptor) !== 'gzip')) continue;
      if (await hasBlob(layout, descriptor)) layers.set(diffId, { diffId, descriptor });
    }
  }
  return layers;
}

/** Bytes of the uncompressed archive of a gzip layer, modulo 2³² as RFC 1952 stores them; undefined for other layers, and for one that is not there. */
export async function uncompressedSize(
  layout: Layout,
  { descriptor }: Pick<StoredLayer, 'descriptor'>,
): Promise<number | undefined> {
  const form = compressionOf(descriptor);
  // the end of eStargz is a member of its own with nothing in it
  if (form !== 'gzip') return undefined;
  const file = await open(blobPath(layout, descriptor.digest)).catch(absent);
  if (!file) return undefined;
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, descriptor.size - 4);
    return buffer.readUInt32LE();
  } finally {
    await file.close();
  }
}

/**
 * Bytes of the uncompressed archive of a layer, as far as can be said without unpacking it: of more than 4 GiB, those that gzip stores and as many
 * times 2³² as make it no smaller than its blob. Of eStargz, what its annotation says. Of the rest, the bytes of the blob.
 */
export async function unpackedSize(layout: Layout, descriptor: Descriptor): Promise<number> {
  const stated = Number(descriptor.annotations?.[annotations.uncompressedSize]);
  if (compressionOf(descriptor) === 'estargz' && stated > 0) return stated;
  const size = await uncompressedSize(layout, { descriptor });
  if (size === undefined) return descriptor.size;
  // what does not compress gets larger: five bytes for each block that is stored (RFC 1951, 3.2.4)
  const least = descriptor.size * 0.999 - 64;
  return size + Math.max(Math.ceil((least - size) / 2 ** 32), 0) * 2 ** 32;
}
