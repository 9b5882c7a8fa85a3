import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildImage,
  buildToLayout,
  findImage,
  inspectImage,
  platformOf,
  removeImage,
} from '@fairway/clients/docker/index';
import type { BuildRequest, DockerEngine, OwnBuilder } from '@fairway/clients/docker/index';
import { ToolError } from '@fairway/clients/tool-error';
import { readConfig, readManifest } from '@fairway/image';
import type { Layout } from '@fairway/image';

/**
 * How many of an image's layers are those of the image that it was built from. BuildKit does not give the daemon the bases that it pulls, so
 * where there is none of the name an image is built that is the base and nothing else.
 * @param own the builder that has the bases in the daemon's place, and the layout that has its image
 * @returns 0 when that cannot be known
 */
export async function baseLayers(
  engine: DockerEngine,
  image: string,
  base: string | undefined,
  signal: AbortSignal,
  dockerConfig?: string,
  own?: { readonly builder: OwnBuilder; readonly layout: Layout },
): Promise<number> {
  if (base === undefined) return 0;
  const { layers, architecture } = await inspectImage(engine, image);
  const request = { tag: `${image}-base`, dockerConfig, signal };
  const found = own ? undefined : await findImage(engine, base);
  const below =
    found?.architecture === architecture
      ? found.layers
      : await onlyBase(base, (context, dockerfile) =>
          own
            ? layersInLayout(engine, own, { ...request, context, dockerfile, platform: `linux/${architecture}` })
            : layersInDaemon(engine, { ...request, context, dockerfile, platform: platformOf(engine, architecture) }),
        );
  return below.every((layer, at) => layer === layers[at]) ? below.length : 0;
}

/** @returns no layers where the image of `layersOf` cannot be built: an image without shared layers is an image all the same */
async function onlyBase(
  base: string,
  layersOf: (context: string, dockerfile: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-base-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\n`);
    return await layersOf(folder, 'Dockerfile');
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function layersInDaemon(engine: DockerEngine, request: BuildRequest): Promise<readonly string[]> {
  try {
    await buildImage(engine, request);
    return (await inspectImage(engine, request.tag)).layers;
  } finally {
    await removeImage(engine, request.tag);
  }
}

async function layersInLayout(
  engine: DockerEngine,
  { builder: { name }, layout }: { readonly builder: OwnBuilder; readonly layout: Layout },
  request: BuildRequest,
): Promise<readonly string[]> {
  const { image } = await buildToLayout(engine, layout, { name }, request);
  return (await readConfig(layout, await readManifest(layout, image.digest))).rootfs.diff_ids;
}
