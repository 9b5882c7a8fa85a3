import { annotations, readConfig, readIndex, readManifest, unpackedSize } from '@fairway/image';
import type { Descriptor, Layout, Writing } from '@fairway/image';
import type { DockerEngine } from './engine.ts';
import { findImage } from './image.ts';

/** What a daemon writes to take layers of a layout: it may have received the last one before it has unpacked the first. */
export async function spaceInDaemon(
  engine: Pick<DockerEngine, 'dataRoot'>,
  layout: Layout,
  layers: readonly Descriptor[],
): Promise<readonly Writing[]> {
  if (engine.dataRoot === undefined || layers.length === 0) return [];
  let bytes = 0;
  for (const layer of layers) bytes += layer.size + (await unpackedSize(layout, layer));
  return [{ folder: engine.dataRoot, bytes }];
}

/**
 * The layers of an image that a daemon does not have from one of the layout's images. It knows a layer by all that are below it: above the first
 * that differs it has none.
 */
export async function lackedLayers(
  engine: DockerEngine,
  layout: Layout,
  digest: string,
): Promise<readonly Descriptor[]> {
  const manifest = await readManifest(layout, digest);
  const { rootfs } = await readConfig(layout, manifest);
  let same = 0;
  for (const stored of (await readIndex(layout)).manifests) {
    const name = stored.annotations?.[annotations.engineName];
    const held = name === undefined ? undefined : await findImage(engine, name);
    const other = rootfs.diff_ids.findIndex((id, at) => id !== held?.layers[at]);
    same = Math.max(same, other < 0 ? rootfs.diff_ids.length : other);
  }
  return manifest.layers.slice(same);
}
