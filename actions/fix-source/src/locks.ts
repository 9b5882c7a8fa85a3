import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFileOf, UnreadLock } from '@fairway/clients/lock-files/index';
import type { LockFile, LockPrograms } from '@fairway/clients/lock-files/index';
import { compareVersions } from '@fairway/clients/scanner/index';
import { ToolError } from '@fairway/clients/tool-error';
import { UnknownLock } from '@fairway/clients/uv/index';

export interface FoundLock {
  /** Relative to the folder of the service. */
  readonly file: string;
  readonly lock: LockFile;
  /** As it was found. */
  readonly text: string;
}

/** What became of one package in the locks of a service. */
export interface RaisedPackage {
  /** Locks that were changed, relative to the folder. */
  readonly raised: readonly string[];
  /** Why older versions are left, each as a sentence. */
  readonly problems: readonly string[];
}

/** The lock files in a folder, not below it. */
export async function findLocks(folder: string): Promise<readonly FoundLock[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter(entry => entry.isFile()).map(({ name }) => name);
  const found = await Promise.all(
    names.toSorted().map(async file => {
      // what a text file is it says itself
      if (!file.endsWith('.txt') && !lockFileOf(file, '')) return [];
      const text = await readFile(join(folder, file), 'utf8');
      const lock = lockFileOf(file, text);
      return lock ? { file, lock, text } : [];
    }),
  );
  return found.flat();
}

/** Raises a package in each lock that has an older version of it. One lock that cannot be made again costs no other. */
export async function raisePackage(
  programs: LockPrograms,
  folder: string,
  locks: readonly FoundLock[],
  wanted: { readonly package: string; readonly atLeast: string },
): Promise<RaisedPackage> {
  const raised: string[] = [];
  const problems: string[] = [];
  const { package: name, atLeast } = wanted;
  for (const { file, lock, text: found } of locks) {
    const path = join(folder, file);
    // npm writes a yarn.lock too, not all of it
    const text = lock.raise ? await readFile(path, 'utf8') : found;
    const older = (of: string) =>
      lock.versions(of, name).filter(version => compareVersions(lock.ecosystem, version, atLeast) < 0);
    try {
      const before = older(text);
      if (before.length === 0) continue;
      const byHand = `${file} has ${name} ${before.join(', ')}: run \`${lock.command(name)}\` beside it.`;
      if (!lock.raise) {
        problems.push(byHand);
        continue;
      }
      await lock.raise({ programs, folder, file, text, wanted });
      const left = older(await readFile(path, 'utf8'));
      if (left.length < before.length) raised.push(file);
      else await writeFile(path, text);
      if (left.length > 0)
        problems.push(`${file} has ${name} ${left.join(', ')} still: what requires it admits no newer one.`);
    } catch (error) {
      await writeFile(path, text);
      if (error instanceof UnreadLock || error instanceof UnknownLock)
        problems.push(`${file} was left as it is: ${error.message}.`);
      // without the program no lock can be made
      else if (error instanceof ToolError && error.status !== 'ENOENT')
        problems.push(`${file} was left as it is, because it could not be made again: ${error.output}`);
      else throw error;
    }
  }
  return { raised, problems };
}
