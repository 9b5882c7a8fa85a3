import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockFile } from './lock.ts';
import type { LockTimes } from './lock.ts';

/** Files that lie in the folder of a model that is whole, by their path, with their sizes. */
export type Files = Record<string, number>;

export interface Place {
  /** Gets a folder for each model, and lies on a volume that other pods may have too. */
  readonly folder: string;
  /** Of the folder of the model. It says what the content is, so that another content has another name. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly times?: LockTimes;
}

/**
 * Puts a model into its folder unless it lies there. What is whole stays and says so in a file of its own, so that the next pod with the same volume
 * finds it; of pods that start together one puts it there and the others wait.
 * @param fill puts the files into an empty folder
 * @returns what was put there; undefined where it was there
 */
export async function putOnce(
  { folder, name, signal, times }: Place,
  fill: (part: string) => Promise<Files>,
): Promise<Files | undefined> {
  const isLacking = async () => !(await isWhole(folder, name));
  const unlock = await lockFile(join(folder, `${name}.lock`), isLacking, signal, times);
  if (!unlock) return undefined;
  const part = join(folder, `${name}.${hostname()}.part`);
  try {
    // what pods left that are gone
    for (const left of await readdir(folder))
      if (left.startsWith(`${name}.`) && left.endsWith('.part')) await rm(join(folder, left), { recursive: true });
    await mkdir(part);
    const files = await fill(part);
    const target = join(folder, name);
    // one that is not whole: somebody deleted a file of it
    await rm(target, { recursive: true, force: true });
    await rename(part, target);
    await writeFile(join(folder, `${name}.part.json`), JSON.stringify(files));
    await rename(join(folder, `${name}.part.json`), join(folder, `${name}.json`));
    return files;
  } finally {
    // of a pull that failed: a disk that it filled is not its own
    await rm(part, { recursive: true, force: true });
    await unlock();
  }
}

async function isWhole(folder: string, name: string): Promise<boolean> {
  try {
    const files = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Files;
    for (const [path, size] of Object.entries(files))
      if ((await stat(join(folder, name, path))).size !== size) return false;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
}
