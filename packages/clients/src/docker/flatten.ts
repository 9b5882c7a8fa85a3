import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { DockerEngine } from './engine.ts';
import { exportLayers } from './export-layers.ts';
import { inspectImage, loadImage } from './image.ts';
import type { ImageFacts } from './image.ts';
import type { WrittenLayer } from './layer-writer.ts';

export interface FlattenRequest {
  readonly source: string;
  /** Name of the image that is made. */
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
  readonly id: string;
  readonly size: number;
  readonly layers: number;
  /** Files left out, and their bytes. */
  readonly dropped: { readonly files: number; readonly bytes: number };
}

/**
 * Makes an image of one layer, or of two with `apart`, out of the files that `source` shows. The configuration and the files
 * that stay are the same to the byte; the same source always gives the same image.
 */
export async function flattenImage(engine: DockerEngine, request: FlattenRequest): Promise<FlattenedImage> {
  const facts = await inspectImage(engine, request.source);
  const folder = await mkdtemp(join(tmpdir(), 'fairway-flatten-'));
  try {
    const { layers, dropped } = await exportLayers(engine, facts, request, folder);
    const archive = imageArchive(configuration(facts, layers), request.tag, layers);
    await loadImage(engine, archive, request.signal);
    const made = await inspectImage(engine, request.tag);
    return { id: made.id, size: made.size, layers: layers.length, dropped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An image in the archive format that the daemon loads. */
function imageArchive(config: string, tag: string, layers: readonly WrittenLayer[]): Readable {
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  const names = layers.map((_layer, index) => `layer-${index + 1}.tar`);
  const pack = tar.pack();
  const fill = async (): Promise<void> => {
    const time = { mtime: new Date(0) };
    pack.entry({ name: configName, ...time }, config);
    pack.entry(
      { name: 'manifest.json', ...time },
      JSON.stringify([{ Config: configName, RepoTags: [tag], Layers: names }]),
    );
    for (const [index, layer] of layers.entries()) {
      const entry = pack.entry({ name: names[index] ?? '', size: layer.size, ...time });
      await pipeline(createReadStream(layer.file), entry);
    }
    pack.finalize();
  };
  // whoever reads the archive gets the error
  fill().catch((error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(pack);
}

function configuration(facts: ImageFacts, layers: readonly WrittenLayer[]): string {
  return JSON.stringify({
    architecture: facts.architecture,
    os: facts.os,
    created: facts.created,
    config: facts.config,
    rootfs: { type: 'layers', diff_ids: layers.map(layer => layer.digest) },
    history: layers.map(() => ({ created: facts.created, created_by: 'fairway optimize' })),
  });
}
