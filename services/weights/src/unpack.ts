import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Descriptor, RegistryClient } from '@fairway/clients/registry/index';
import { layerEntries } from '@fairway/image';

/** How often a layer may break off. */
const attempts = 5;

/**
 * Unpacks a layer as it comes. What it has written is proved only at its end, so the folder counts for nothing before.
 * @returns the files and their sizes
 * @throws Error for another content, for what is no file, and where the connection breaks off again and again
 */
export async function unpackLayer(
  client: RegistryClient,
  layer: Descriptor,
  folder: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(client, layer, folder, signal);
    } catch (error) {
      signal.throwIfAborted();
      // fetch has a TypeError for what happens to a connection
      if (attempt === attempts || (error as Error).name !== 'TypeError') throw error;
      await sleep(Math.random() * 500 * 2 ** attempt, undefined, { signal });
    }
  }
}

async function once(
  client: RegistryClient,
  { digest, size, mediaType }: Descriptor,
  folder: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const response = await client.send({
    ...{ method: 'GET', path: `blobs/${digest}`, expect: [200], signal },
    // a megabyte a second
    timeout: Math.max(600_000, size / 1000),
  });
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = async function* () {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      yield Buffer.from(chunk as Uint8Array);
    }
  };
  const files = new Map<string, number>();
  const proved = () => {
    const found = `sha256:${hash.copy().digest('hex')}`;
    if (found !== digest || bytes !== size)
      throw new Error(
        `The layer ${digest} has ${bytes} bytes with the digest ${found}, and must have ${size}: the registry, or something on the way to it, changed it. Push the model again.`,
      );
  };
  try {
    for await (const { header, path, content } of layerEntries(Readable.from(measured()), mediaType)) {
      if (path === '' || header.type === 'directory') continue;
      const name = Buffer.from(path, 'latin1').toString('utf8');
      if (header.type !== 'file' || /(^|\/)\.wh\./.test(name))
        throw new Error(
          `${name} in the image is no plain file, and only those are unpacked. Make the image with fairway weights push.`,
        );
      const target = join(folder, name);
      await mkdir(dirname(target), { recursive: true });
      await rm(target, { force: true });
      await pipeline(content, createWriteStream(target, { flush: true, mode: 0o644 }), { signal });
      files.set(name, header.size);
    }
  } catch (error) {
    // an archive that cannot be read is one that was changed
    const { name, code = '' } = error as NodeJS.ErrnoException;
    if (name === 'LayoutError' || code.startsWith('Z_')) proved();
    throw error;
  }
  proved();
  return files;
}
