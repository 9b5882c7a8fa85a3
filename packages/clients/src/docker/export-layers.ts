import { Readable } from 'node:stream';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import type { FlattenRequest } from './flatten.ts';
import type { ImageFacts } from './image.ts';
import { splitLayers } from './split-layers.ts';
import type { SplitLayers } from './split-layers.ts';

/** Writes the files that an image shows to layers below `folder`. */
export async function exportLayers(
  engine: DockerEngine,
  facts: ImageFacts,
  request: FlattenRequest,
  folder: string,
): Promise<SplitLayers> {
  const { source, signal } = request;
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
    return await splitLayers(exported, new Date(facts.created), request, folder);
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(`exporting the files of ${source}`, error);
  } finally {
    await container?.remove({ force: true, v: true });
  }
}
