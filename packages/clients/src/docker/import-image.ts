import { LayoutError, annotations, engineArchive, findImage as findStored, requireSpace } from '@fairway/image';
import type { Layout } from '@fairway/image';
import { lackedLayers, spaceInDaemon } from './daemon-space.ts';
import type { DockerEngine } from './engine.ts';
import { ToolError } from '../tool-error.ts';
import { isImage } from './image-identity.ts';
import { findImage, loadImage, pullImage, removeImage, tagImage } from './image.ts';
import { openLayoutRegistry } from './layout-registry.ts';

/**
 * Sees to it that the daemon has an image of a layout, and gives the name by which it has it. What the daemon calls so may be another
 * image, or gone: it is loaded then.
 * @throws LayoutError when the daemon's disk has no room for it
 */
export async function importImage(
  engine: DockerEngine,
  layout: Layout,
  digest: string,
  signal?: AbortSignal,
): Promise<string> {
  const name = await engineName(layout, digest);
  if (!(await isImage(layout, digest, (await findImage(engine, name))?.id))) {
    await requireSpace(
      await spaceInDaemon(engine, layout, await lackedLayers(engine, layout, digest)),
      `Docker's copy of the image ${name}`,
    );
    const fullName = (await findStored(layout, { digest }))?.annotations?.[annotations.engineName] ?? name;
    if (!(await pulled(engine, layout, { digest, name }, signal)))
      await loadImage(engine, engineArchive(layout, digest, name, fullName), signal);
  }
  return name;
}

/** Does something while the daemon has an image of a layout, by its name; the daemon's copy goes afterwards. */
export async function whileImported<Result>(
  engine: DockerEngine,
  layout: Layout,
  digest: string,
  signal: AbortSignal,
  work: (name: string) => Promise<Result>,
): Promise<Result> {
  const name = await importImage(engine, layout, digest, signal);
  try {
    return await work(name);
  } finally {
    await removeImage(engine, name);
  }
}

/**
 * Has the daemon pull the image from a registry of our own: it takes the layers that it lacks and no others, where an archive is unpacked whole beside
 * them first.
 * @returns false where it does not reach this machine's loopback, or takes another image for it
 */
async function pulled(
  engine: DockerEngine,
  layout: Layout,
  image: { readonly digest: string; readonly name: string },
  signal?: AbortSignal,
): Promise<boolean> {
  if (!engine.local) return false;
  const registry = await openLayoutRegistry(layout, signal);
  const reference = `${registry.repository}@${image.digest}`;
  try {
    await pullImage(engine, reference, signal);
    const isIt = await isImage(layout, image.digest, (await findImage(engine, reference))?.id);
    if (isIt) await tagImage(engine, reference, image.name);
    await removeImage(engine, reference);
    return isIt;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ToolError) return false;
    throw error;
  } finally {
    registry.close();
  }
}

/** The name that daemons and registries give an image of a layout, `repository:tag`. */
export async function engineName(layout: Layout, digest: string): Promise<string> {
  const fullName = (await findStored(layout, { digest }))?.annotations?.[annotations.engineName];
  if (!fullName)
    throw new LayoutError(
      `${layout.folder} has no image ${digest}. Run the stage again that makes it: build, or optimize.`,
    );
  return fullName.replace(/^docker\.io\/(library\/)?/, '');
}
