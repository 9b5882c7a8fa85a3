import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { ToolError } from '../tool-error.ts';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import type { FlattenRequest } from './flatten.ts';
import type { ImageFacts } from './image.ts';
import { openLayer } from './layer-writer.ts';
import type { WrittenLayer } from './layer-writer.ts';

// The daemon puts these into every container; the image does not have them.
const ofContainer = new Set(['.dockerenv', 'dev/console', 'dev/pts', 'dev/shm', 'etc/mtab']);
// These too, but here an image's own file cannot be told from the daemon's empty one by its name alone.
const ofContainerWhenEmpty = new Set(['etc/hosts', 'etc/hostname', 'etc/resolv.conf']);
// The daemon writes into these folders when it makes a container, which changes their times.
const touched = new Set(['', 'dev', 'etc', 'proc', 'sys']);

/** Writes the files that an image shows to layers below `folder`: the rest first, then those of `request.apart` when there are any. */
export async function exportLayers(
  engine: DockerEngine,
  facts: ImageFacts,
  request: FlattenRequest,
  folder: string,
): Promise<{
  readonly layers: readonly WrittenLayer[];
  readonly dropped: { readonly files: number; readonly bytes: number };
}> {
  const { source, signal } = request;
  const what = `exporting the files of ${source}`;
  const created = new Date(facts.created);
  const writers = [openLayer(join(folder, 'rest.tar'), signal), openLayer(join(folder, 'apart.tar'), signal)] as const;
  const dropped = { files: 0, bytes: 0 };
  const gone = new Set<string>();
  let filesApart = 0;
  const isApart = (path: string) =>
    request.apart !== undefined && (path === request.apart || path.startsWith(`${request.apart}/`));
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
    const copy = async (): Promise<void> => {
      for await (const entry of extract) {
        const { header } = entry;
        const path = plainPath(header.name);
        const ofDaemon = ofContainer.has(path) || (ofContainerWhenEmpty.has(path) && !header.size);
        if (ofDaemon || request.drop(path, header.type === 'directory')) {
          gone.add(path);
          if (!ofDaemon && header.type === 'file') {
            dropped.files++;
            dropped.bytes += header.size ?? 0;
          }
          entry.resume();
          continue;
        }
        const apart = isApart(path);
        const target = header.type === 'link' && header.linkname ? plainPath(header.linkname) : undefined;
        if (target !== undefined && (gone.has(target) || isApart(target) !== apart)) {
          throw new ToolError(
            'docker',
            what,
            undefined,
            `${path} is a hard link to ${target}, which ${gone.has(target) ? 'is left out' : 'is in another layer'}.`,
          );
        }
        if (apart) filesApart++;
        const writer = writers[apart ? 1 : 0];
        if (header.type === 'file' || header.type === 'contiguous-file')
          await writer.add(header, entry as unknown as Readable);
        else {
          entry.resume();
          await writer.add(touched.has(path) ? { ...header, mtime: created } : header);
        }
      }
    };
    await Promise.all([pipeline(await container.export(), extract, { signal }), copy()]);
    const [rest, apart] = await Promise.all([writers[0].close(), writers[1].close()]);
    return { layers: filesApart ? [rest, apart] : [rest], dropped };
  } catch (error) {
    for (const writer of writers) writer.abandon(error instanceof Error ? error : new Error(String(error)));
    signal?.throwIfAborted();
    throw daemonError(what, error);
  } finally {
    await container?.remove({ force: true, v: true });
  }
}

function plainPath(name: string): string {
  return name.replace(/^\.?\//, '').replace(/\/$/, '');
}
