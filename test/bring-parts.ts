import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder, platformFolders } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import type { Part } from '@fairway/platform/parts';
import { servingParts } from '@fairway/platform/serving/parts';

/**
 * Brings parts of the local platform, and others besides, into the user's cache where they are not there.
 * @param names of parts of the platform
 * @returns the folder of each by name
 */
export function bringParts(
  names: readonly string[],
  others: readonly Part[] = [],
  progress: (message: string) => void = () => undefined,
): Promise<ReadonlyMap<string, string>> {
  const ours = [...machineParts, ...servingParts('packages')].filter(({ name }) => names.includes(name));
  return ensureParts([...ours, ...others], {
    folder: partsFolder(platformFolders()),
    signal: new AbortController().signal,
    progress,
  });
}
