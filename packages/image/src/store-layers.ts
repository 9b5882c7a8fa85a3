import { blobSize, writeBlob } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { isStoredAs } from './compression.ts';
import type { Compression } from './compression.ts';
import { isIndexFile, openEstargz } from './estargz.ts';
import { LayoutError } from './layout-error.ts';
import { unpackedSize, writeLayer } from './layers.ts';
import type { StoredLayer } from './layers.ts';
import { readConfig, readManifest } from './layout.ts';
import { mediaTypes } from './oci.ts';
import type { Descriptor, ImageManifest } from './oci.ts';
import { readArchive, readLayer } from './read-layer.ts';
import { requireSpace } from './space.ts';
import { tarHeader } from './tar.ts';

export interface StoreRequest {
  /** Digest of the image's manifest. */
  readonly source: string;
  /** Lowest layers that stay as they are, with their digests. */
  readonly keep: number;
  readonly compression: Compression;
  readonly signal?: AbortSignal;
}

/**
 * Makes an image whose layers above the lowest are stored in another form. Their archives, and so the configuration, are the same to the byte, but for
 * eStargz, which adds its index and a landmark to each. An image that has the form is the answer itself.
 * @returns the manifest
 * @throws LayoutError when the disk has no room for it, or a layer is not what the configuration says
 */
export async function storeLayersAs(layout: Layout, request: StoreRequest): Promise<Descriptor> {
  const { source, keep, compression, signal } = request;
  const manifest = await readManifest(layout, source);
  const config = await readConfig(layout, manifest);
  const stays = (layer: Descriptor, at: number) => at < keep || isStoredAs(layer, compression);
  const others = manifest.layers.filter((layer, at) => !stays(layer, at));
  if (others.length === 0)
    return { mediaType: manifest.mediaType, digest: source, size: (await blobSize(layout, source)) ?? 0 };
  let bytes = 0;
  for (const layer of others) bytes += compression === 'none' ? await unpackedSize(layout, layer) : layer.size;
  await requireSpace([{ folder: layout.folder, bytes }], `The image in ${compression}`);

  const layers: StoredLayer[] = [];
  for (const [at, descriptor] of manifest.layers.entries()) {
    const diffId = config.rootfs.diff_ids[at] ?? '';
    if (stays(descriptor, at)) layers.push({ diffId, descriptor });
    else if (compression === 'estargz') layers.push(await indexed(layout, descriptor, signal));
    else {
      const written = await writeLayer(layout, readArchive(layout, descriptor, signal), signal, compression);
      if (written.diffId !== diffId)
        throw new LayoutError(
          `The layer ${descriptor.digest} holds the archive ${written.diffId}, and the configuration of the image says ${diffId}. Build the image again.`,
        );
      layers.push(written);
    }
  }
  const json = (value: object) => [Buffer.from(JSON.stringify(value))];
  const rootfs = { ...config.rootfs, diff_ids: layers.map(({ diffId }) => diffId) };
  const changed: ImageManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config:
      compression === 'estargz'
        ? await writeBlob(layout, mediaTypes.config, json({ ...config, rootfs }), { signal })
        : manifest.config,
    layers: layers.map(({ descriptor }) => descriptor),
  };
  return writeBlob(layout, mediaTypes.manifest, json(changed), { signal });
}

async function indexed(layout: Layout, layer: Descriptor, signal: AbortSignal | undefined): Promise<StoredLayer> {
  const writer = openEstargz(layout, signal);
  try {
    await readLayer(
      layout,
      layer,
      async ({ header, path, content }) => {
        // of a former index, which would be wrong here
        if (!isIndexFile(path)) await writer.add(tarHeader(header, header.name), content);
      },
      signal,
    );
    return await writer.close();
  } catch (error) {
    writer.abandon(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}
