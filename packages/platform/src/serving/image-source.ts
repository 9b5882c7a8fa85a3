import { madeParts } from '../build/ensure-parts.ts';
import { publicRegistryAnswers } from '../public-registry.ts';
import { sourcedParts } from './parts.ts';
import type { ImageSource } from './parts.ts';

/**
 * What is there already stays in use; a machine that has neither pulls where a public registry answers and compiles where none does.
 * @param folder of all parts
 */
export async function imageSource(folder: string, signal: AbortSignal): Promise<ImageSource> {
  for (const source of ['packages', 'public registry'] as const) {
    const made = await madeParts(sourcedParts(source), folder);
    if ([...made.values()].every(path => path !== undefined)) return source;
  }
  return (await publicRegistryAnswers(signal)) ? 'public registry' : 'packages';
}
