import { readManifest } from '@fairway/image';
import type { Layout } from '@fairway/image';

/**
 * Whether an image of a layout is the one that a daemon calls `id`: by its configuration in the classic store, by its manifest in containerd's.
 * @param id undefined for an image that the daemon lacks, which is none
 */
export async function isImage(layout: Layout, digest: string, id: string | undefined): Promise<boolean> {
  return id !== undefined && (id === digest || id === (await readManifest(layout, digest)).config.digest);
}
