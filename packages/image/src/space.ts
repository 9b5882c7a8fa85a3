import { stat, statfs } from 'node:fs/promises';
import { LayoutError } from './layout-error.ts';

/** What is written at most, and where. */
export interface Writing {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Looks, before the first byte is written, whether the disks have room: folders on one disk share what is free there.
 * @throws LayoutError that says how much is needed and how much there is
 */
export async function requireSpace(writings: readonly Writing[], what: string): Promise<void> {
  const disks = new Map<number, Writing[]>();
  for (const writing of writings) {
    const { dev } = await stat(writing.folder);
    disks.set(dev, [...(disks.get(dev) ?? []), writing]);
  }
  for (const [{ folder }, on] of [...disks.values()].map(on => [on[0]!, on] as const)) {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const needed = on.reduce((sum, { bytes }) => sum + bytes, 0);
    if (free >= needed) continue;
    const places = on.map(({ bytes, folder: place }) => `${gigabytes(bytes)} in ${place}`).join(' and ');
    const [shared, advice] = on.length > 1 ? [', which are on one disk', 'one of the folders'] : ['', `${folder}`];
    throw new LayoutError(
      `${what} takes up to ${places}${shared}, and ${gigabytes(free)} are free there. Free ${gigabytes(needed - free)}, or put ${advice} on a larger disk.`,
    );
  }
}

function gigabytes(bytes: number): string {
  return `${(Math.ceil(bytes / 1e7) / 100).toFixed(2)} GB`;
}
