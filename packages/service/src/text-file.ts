import { readFile } from 'node:fs/promises';
import { systemErrorCode } from './system-error.ts';

/** The text of a file, or undefined when there is none. */
export async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
