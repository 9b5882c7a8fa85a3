import { annotations, mediaTypes, nameImage, readConfig, readManifest, requireSpace, writeBlob } from '@fairway/image';
import type { Descriptor, ImageConfig, ImageManifest, Layout, WrittenLayer } from '@fairway/image';
import { fullImageName } from './dockerfile-bases.ts';
import type { DockerEngine } from './engine.ts';
import { exportLayers } from './export-layers.ts';
import { inspectImage } from './image.ts';
import { importImage } from './import-image.ts';

export interface FlattenRequest {
  /** Digest of the image in the layout. */
  readonly source: string;
  /** Name that the made image gets in the layout. */
  readonly name: string;
  /** Name by which engines load it, `repository:tag`. */
  readonly tag: string;
  /** Says of a path without a leading slash whether it is left out. */
  drop(path: string, isFolder: boolean): boolean;
  /**
   * A folder whose files get a layer of their own, without slashes at its ends, such as "models": what changes seldom and is
   * large keeps its digest when the rest changes, so registries and nodes have it already.
   */
  readonly apart?: string;
  readonly signal?: AbortSignal;
}

export interface FlattenedImage {
  readonly descriptor: Descriptor;
  readonly layers: number;
  /** Files left out, and their bytes. */
  readonly dropped: { readonly files: number; readonly bytes: number };
}

/**
 * Makes an image of one layer, or of two with `apart`, out of the files that `source` shows. Its configuration, but for the layers, and the
 * files that stay are the same to the byte; the same source always gives the same image.
 */
export async function flattenImage(
  engine: DockerEngine,
  layout: Layout,
  request: FlattenRequest,
): Promise<FlattenedImage> {
  const { signal } = request;
  const source = await importImage(engine, layout, request.source, signal);
  const { size } = await inspectImage(engine, source);
  await requireSpace(layout.folder, size, `A smaller image of ${source}`);
  const { layers, dropped } = await exportLayers(engine, layout, source, request);
  const before = await readConfig(layout, await readManifest(layout, request.source));
  const config = Buffer.from(JSON.stringify(configuration(before, layers)));
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: await writeBlob(layout, mediaTypes.config, [config], { signal }),
    layers: layers.map(layer => layer.descriptor),
  };
  const descriptor = await writeBlob(layout, mediaTypes.manifest, [Buffer.from(JSON.stringify(manifest))], { signal });
  await nameImage(layout, request.name, descriptor, { [annotations.engineName]: fullImageName(request.tag) });
  return { descriptor, layers: layers.length, dropped };
}

function configuration(before: ImageConfig, layers: readonly WrittenLayer[]): ImageConfig {
  return {
    ...before,
    rootfs: { type: 'layers', diff_ids: layers.map(layer => layer.diffId) },
    history: layers.map(() => ({ created: before.created, created_by: 'fairway optimize' })),
  };
}
