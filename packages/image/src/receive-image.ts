import { randomUUID } from 'node:crypto';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasBlob, unfinished } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { LayoutError } from './layout-error.ts';
import { imageBlobs, readIndex } from './layout.ts';
import type { Descriptor } from './oci.ts';

/**
 * Has another program write one image into a layout.
 * @param write gets a folder that is to become a layout with that image alone. It shares its blobs with this layout, so what is there already need
 * not be written again.
 * @returns the manifest's descriptor; the image has no name in the layout yet
 * @throws LayoutError when there is not one image afterwards, or a part of it is missing
 */
export async function receiveImage(layout: Layout, write: (folder: string) => Promise<void>): Promise<Descriptor> {
  const folder = join(layout.folder, unfinished, randomUUID());
  await mkdir(folder, { recursive: true });
  try {
    await symlink(join('..', '..', 'blobs'), join(folder, 'blobs'));
    await write(folder);
    const { manifests } = await readIndex({ folder });
    const [image] = manifests;
    if (!image || manifests.length > 1)
      throw new LayoutError(`${manifests.length} images were written to ${layout.folder}, and one is read.`);
    const { mediaType, digest, size } = image;
    for (const blob of await imageBlobs(layout, digest))
      if (!(await hasBlob(layout, blob)))
        throw new LayoutError(`The image ${digest} was written to ${layout.folder} without ${blob.digest}.`);
    return { mediaType, digest, size };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
