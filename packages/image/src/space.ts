import { statfs } from 'node:fs/promises';
import { LayoutError } from './layout-error.ts';

/**
 * Looks, before the first byte is written, whether a file system has room.
 * @param bytes what is written at most
 * @throws LayoutError that says how much is needed and how much there is
 */
export async function requireSpace(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new LayoutError(
      `${what} takes up to ${gigabytes(bytes)} in ${folder}, and ${gigabytes(free)} are free there. Free ${gigabytes(bytes - free)}, or put the service folder on a larger disk.`,
    );
}

function gigabytes(bytes: number): string {
  return `${(Math.ceil(bytes / 1e7) / 100).toFixed(2)} GB`;
}
