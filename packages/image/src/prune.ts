import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinished } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { imageBlobs, readIndex } from './layout.ts';

/**
 * Deletes the blobs that no image of the layout refers to, and what writers left unfinished. Nobody else may write meanwhile.
 * @returns the bytes that are free again
 */
export async function pruneLayout(layout: Layout): Promise<number> {
  const used = new Set<string>();
  for (const { digest } of (await readIndex(layout)).manifests)
    for (const blob of await imageBlobs(layout, digest)) used.add(blob.digest);
  const folder = join(layout.folder, 'blobs', 'sha256');
  let freed = 0;
  for (const name of await readdir(folder)) {
    if (used.has(`sha256:${name}`)) continue;
    const path = join(folder, name);
    freed += (await stat(path)).size;
    await rm(path);
  }
  await rm(join(layout.folder, unfinished), { recursive: true, force: true });
  return freed;
}
