import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { ToolError } from '../tool-error.ts';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import { inspectImage, loadImage } from './image.ts';
import type { ImageFacts } from './image.ts';

export interface FlattenedImage {
  readonly id: string;
  readonly size: number;
  /** Files left out, and their bytes. */
  readonly dropped: { readonly files: number; readonly bytes: number };
}

/**
 * Makes an image of one layer out of the files that `source` shows, without those for which `drop` says so. The configuration
 * and the files that stay are the same to the byte; the same source always gives the same image.
 */
export async function flattenImage(
  engine: DockerEngine,
  source: string,
  tag: string,
  drop: (path: string) => boolean,
  signal?: AbortSignal,
): Promise<FlattenedImage> {
  const facts = await inspectImage(engine, source);
  const folder = await mkdtemp(join(tmpdir(), 'fairway-flatten-'));
  try {
    const layerFile = join(folder, 'layer.tar');
    const layer = await writeLayer(engine, source, new Date(facts.created), layerFile, drop, signal);
    const config = configuration(facts, layer.digest);
    const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
    const pack = tar.pack();
    const fill = async (): Promise<void> => {
      const text = (name: string, content: string) => void pack.entry({ name, mtime: new Date(0) }, content);
      text(configName, config);
      text('manifest.json', JSON.stringify([{ Config: configName, RepoTags: [tag], Layers: ['layer.tar'] }]));
      const entry = pack.entry({ name: 'layer.tar', size: (await stat(layerFile)).size, mtime: new Date(0) });
      await pipeline(createReadStream(layerFile), entry);
      pack.finalize();
    };
    const filled = fill().catch((error: unknown) => {
      pack.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    });
    await Promise.all([filled, loadImage(engine, Readable.from(pack), signal)]);
    const made = await inspectImage(engine, tag);
    return { id: made.id, size: made.size, dropped: layer.dropped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The daemon puts these into every container; the image does not have them.
const ofContainer = new Set(['.dockerenv', 'dev/console', 'dev/pts', 'dev/shm', 'etc/mtab']);
// These too, but here an image's own file cannot be told from the daemon's empty one by its name alone.
const ofContainerWhenEmpty = new Set(['etc/hosts', 'etc/hostname', 'etc/resolv.conf']);
// The daemon writes into these folders when it makes a container, which changes their times.
const touched = new Set(['', 'dev', 'etc', 'proc', 'sys']);

async function writeLayer(
  engine: DockerEngine,
  source: string,
  created: Date,
  file: string,
  drop: (path: string) => boolean,
  signal: AbortSignal | undefined,
) {
  const what = `exporting the files of ${source}`;
  let container;
  try {
    // never started: the command only has to be there for images that name none
    container = await engine.docker.createContainer({
      Image: source,
      Cmd: ['/'],
      NetworkDisabled: true,
      abortSignal: signal,
    });
    const extract = tar.extract();
    const pack = tar.pack();
    const dropped = { files: 0, bytes: 0 };
    const gone = new Set<string>();
    const copy = async (): Promise<void> => {
      for await (const entry of extract) {
        const { header } = entry;
        const path = header.name.replace(/^\.?\//, '').replace(/\/$/, '');
        const ofDaemon = ofContainer.has(path) || (ofContainerWhenEmpty.has(path) && !header.size);
        if (ofDaemon || drop(path)) {
          gone.add(path);
          if (!ofDaemon && header.type === 'file') {
            dropped.files++;
            dropped.bytes += header.size ?? 0;
          }
          entry.resume();
          continue;
        }
        if (header.type === 'link' && header.linkname && gone.has(header.linkname.replace(/^\.?\//, ''))) {
          throw new ToolError(
            'docker',
            what,
            undefined,
            `${path} is a hard link to ${header.linkname}, which is left out.`,
          );
        }
        if (header.type === 'file' || header.type === 'contiguous-file') await pipeline(entry, pack.entry(header));
        else {
          entry.resume();
          pack.entry(touched.has(path) ? { ...header, mtime: created } : header);
        }
      }
      pack.finalize();
    };
    const copied = copy().catch((error: unknown) => {
      pack.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    });
    const hash = createHash('sha256');
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    const archive = await container.export();
    await Promise.all([
      pipeline(archive, extract, { signal }),
      copied,
      pipeline(pack, measure, createWriteStream(file), { signal }),
    ]);
    return { digest: `sha256:${hash.digest('hex')}`, dropped };
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(what, error);
  } finally {
    await container?.remove({ force: true, v: true });
  }
}

function configuration(facts: ImageFacts, layer: string): string {
  return JSON.stringify({
    architecture: facts.architecture,
    os: facts.os,
    created: facts.created,
    config: facts.config,
    rootfs: { type: 'layers', diff_ids: [layer] },
    history: [{ created: facts.created, created_by: 'fairway optimize: all layers in one' }],
  });
}
