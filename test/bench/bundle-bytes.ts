import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of all files below `folder`. */
export async function bundleBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true })) {
    const file = await stat(join(folder, entry));
    if (file.isFile()) bytes += file.size;
  }
  return bytes;
}
