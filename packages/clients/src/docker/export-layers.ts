import { Readable } from 'node:stream';
import type { Layout } from '@fairway/image';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import type { FlattenRequest } from './flatten.ts';
import { inspectImage } from './image.ts';
import { splitLayers } from './split-layers.ts';
import type { SplitLayers } from './split-layers.ts';

/** Writes the files that an image of the daemon shows to layers of a layout. */
export async function exportLayers(
  engine: DockerEngine,
  layout: Layout,
  source: string,
  request: FlattenRequest,
): Promise<SplitLayers> {
  const { signal } = request;
  const { created } = await inspectImage(engine, source);
  let container;
  try {
    // never started: the command only has to be there for images that name none
    container = await engine.docker.createContainer({
      Image: source,
      Cmd: ['/'],
      NetworkDisabled: true,
      abortSignal: signal,
    });
    const exported = Readable.from(await container.export());
    return await splitLayers(exported, new Date(created), request, layout);
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(`exporting the files of ${source}`, error);
  } finally {
    await container?.remove({ force: true, v: true });
  }
}
