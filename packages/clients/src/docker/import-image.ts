import { LayoutError, annotations, engineArchive, findImage as findStored, readManifest } from '@fairway/image';
import type { Layout } from '@fairway/image';
import type { DockerEngine } from './engine.ts';
import { findImage, loadImage } from './image.ts';

/**
 * Sees to it that the daemon has an image of a layout, and gives the name by which it has it. What the daemon calls so may be another
 * image, or gone: it is loaded then.
 */
export async function importImage(
  engine: DockerEngine,
  layout: Layout,
  digest: string,
  signal?: AbortSignal,
): Promise<string> {
  const name = await engineName(layout, digest);
  const { config } = await readManifest(layout, digest);
  const found = await findImage(engine, name);
  if (found?.id !== digest && found?.id !== config.digest) {
    const fullName = (await findStored(layout, { digest }))?.annotations?.[annotations.engineName] ?? name;
    await loadImage(engine, engineArchive(layout, digest, name, fullName), signal);
  }
  return name;
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
