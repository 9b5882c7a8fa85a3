import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, findImage, inspectImage, platformOf, removeImage } from '@fairway/clients/docker/index';
import type { BuildRequest, DockerEngine } from '@fairway/clients/docker/index';
import { ToolError } from '@fairway/clients/tool-error';

/**
 * How many of an image's layers are those of the image that it was built from. BuildKit does not give the daemon the bases that it pulls, so
 * where there is none of the name an image is built that is the base and nothing else.
 * @returns 0 when that cannot be known
 */
export async function baseLayers(
  engine: DockerEngine,
  image: string,
  base: string | undefined,
  signal: AbortSignal,
  dockerConfig?: string,
): Promise<number> {
  if (base === undefined) return 0;
  const { layers, architecture } = await inspectImage(engine, image);
  const found = await findImage(engine, base);
  const platform = platformOf(engine, architecture);
  const below =
    found?.architecture === architecture
      ? found.layers
      : await layersOf(engine, { tag: `${image}-base`, dockerConfig, platform, signal }, base);
  return below.every((layer, at) => layer === layers[at]) ? below.length : 0;
}

async function layersOf(
  engine: DockerEngine,
  request: Pick<BuildRequest, 'tag' | 'dockerConfig' | 'platform'> & { readonly signal: AbortSignal },
  base: string,
): Promise<readonly string[]> {
  const { tag, signal } = request;
  const folder = await mkdtemp(join(tmpdir(), 'fairway-base-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\n`);
    await buildImage(engine, { ...request, context: folder, dockerfile: 'Dockerfile' });
    return (await inspectImage(engine, tag)).layers;
  } catch (error) {
    signal.throwIfAborted();
    // an image without shared layers is an image all the same
    if (error instanceof ToolError) return [];
    throw error;
  } finally {
    await removeImage(engine, tag);
    await rm(folder, { recursive: true });
  }
}
