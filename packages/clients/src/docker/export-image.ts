import {
  SizeMisled,
  annotations,
  hasBlob,
  imageBlobs,
  importArchive,
  nameImage,
  readIndex,
  requireSpace,
  storedLayers,
  unpackedSize,
} from '@fairway/image';
import type { Descriptor, Layout } from '@fairway/image';
import { fullImageName } from './dockerfile-bases.ts';
import type { DockerEngine } from './engine.ts';
import { daemonError } from './engine.ts';
import { ToolError } from '../tool-error.ts';
import { isImage } from './image-identity.ts';
import { inspectImage, pushImage, removeImage, saveImage, tagImage } from './image.ts';
import type { ImageFacts } from './image.ts';
import { openLayoutRegistry } from './layout-registry.ts';

export interface ExportRequest {
  /** Name of the image in the daemon. */
  readonly image: string;
  /** Its name in the layout; an image that has the name loses it. */
  readonly name: string;
  readonly signal?: AbortSignal;
}

/**
 * Brings an image of the daemon into a layout. Nothing is read that is there already: an image whose identity the layout knows gets the
 * name, and of others only the new layers are written.
 * @returns the manifest's descriptor
 * @throws LayoutError when the disk has no room for it, ToolError when the daemon fails
 */
export async function exportImage(engine: DockerEngine, layout: Layout, request: ExportRequest): Promise<Descriptor> {
  const { image, name, signal } = request;
  const facts = await inspectImage(engine, image);
  const stored = (await storedImage(layout, facts.id)) ?? (await brought(engine, layout, image, facts, signal));
  await nameImage(layout, name, stored, { [annotations.engineName]: fullImageName(image) });
  return stored;
}

async function storedImage(layout: Layout, id: string): Promise<Descriptor | undefined> {
  for (const descriptor of (await readIndex(layout)).manifests)
    if (await isImage(layout, descriptor.digest, id)) return descriptor;
  return undefined;
}

async function brought(
  engine: DockerEngine,
  layout: Layout,
  image: string,
  facts: ImageFacts,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const { size, layers } = facts;
  const known = await storedLayers(layout);
  // the daemon counts what is unpacked
  let bytes = size;
  for (const layer of layers) bytes -= known.has(layer) ? await unpackedSize(layout, known.get(layer)!.descriptor) : 0;
  await requireSpace([{ folder: layout.folder, bytes: Math.max(bytes, 0) }], `The image ${image}`);
  return (
    (await received(engine, layout, image, facts, signal)) ?? (await importSaved(engine, layout, image, facts, signal))
  );
}

/**
 * Has the daemon push the image to a registry of our own: it sends the layers that the layout lacks and no others, and writes none of them to its disk
 * first, as it does when it saves an image.
 * @returns undefined where it does not reach this machine's loopback, as from a virtual machine, or has no plain image of the classic store
 */
async function received(
  engine: DockerEngine,
  layout: Layout,
  image: string,
  facts: ImageFacts,
  signal?: AbortSignal,
): Promise<Descriptor | undefined> {
  if (!engine.local) return undefined;
  const registry = await openLayoutRegistry(layout, signal);
  try {
    await tagImage(engine, image, `${registry.repository}:pushed`);
    try {
      await pushImage(engine, `${registry.repository}:pushed`, signal);
    } finally {
      await removeImage(engine, `${registry.repository}:pushed`);
    }
    const manifest = await registry.received();
    return manifest && (await isWhole(layout, manifest, facts.id)) ? manifest : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ToolError) return undefined;
    throw error;
  } finally {
    registry.close();
  }
}

/** Whether a manifest is of the image that a daemon calls `id`, and all of its blobs are there. */
async function isWhole(layout: Layout, { digest }: Descriptor, id: string): Promise<boolean> {
  if (!(await isImage(layout, digest, id))) return false;
  const there = await Promise.all((await imageBlobs(layout, digest)).map(blob => hasBlob(layout, blob)));
  return there.every(Boolean);
}

async function importSaved(
  engine: DockerEngine,
  layout: Layout,
  image: string,
  { layers }: ImageFacts,
  signal?: AbortSignal,
): Promise<Descriptor> {
  try {
    const read = async (trustSizes: boolean) =>
      importArchive(layout, { archive: await saveImage(engine, image), layers, trustSizes, signal });
    return await read(true).catch(error => {
      if (error instanceof SizeMisled) return read(false);
      throw error;
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(`saving the image ${image}`, error);
  }
}
