import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions } from '@fairway/clients/scanner/index';
import { ToolError } from '@fairway/clients/tool-error';
import { isLock, pinnedVersion, readLock, UnknownLock } from '@fairway/clients/uv/index';
import type { Uv } from '@fairway/clients/uv/index';

/** What became of one package in the locks of a service. */
export interface RaisedPackage {
  /** Locks that pin it in a version that is new enough now, relative to the folder. */
  readonly raised: readonly string[];
  /** Why others do not, each as a sentence. */
  readonly problems: readonly string[];
}

/** The locks that uv wrote in a folder, not below it. */
export async function findLocks(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter(entry => entry.isFile() && entry.name.endsWith('.txt')).map(({ name }) => name);
  const locks = await Promise.all(
    names.map(async name => (isLock(await readFile(join(folder, name), 'utf8')) ? name : [])),
  );
  return locks.flat().toSorted();
}

/** Raises a Python package in each lock that pins an older version of it. One lock that cannot be made again costs no other. */
export async function raisePackage(
  uv: Uv,
  folder: string,
  locks: readonly string[],
  wanted: { readonly package: string; readonly atLeast: string },
): Promise<RaisedPackage> {
  const raised: string[] = [];
  const problems: string[] = [];
  for (const file of locks) {
    const path = join(folder, file);
    const before = await readFile(path, 'utf8');
    const version = pinnedVersion(before, wanted.package);
    if (version === undefined || isEnough(version, wanted.atLeast)) continue;
    try {
      await uv.raise(folder, file, readLock(before), wanted);
      const now = pinnedVersion(await readFile(path, 'utf8'), wanted.package);
      if (now === undefined || isEnough(now, wanted.atLeast)) raised.push(file);
      else problems.push(`${file} has ${wanted.package} ${now} still.`);
    } catch (error) {
      if (error instanceof UnknownLock) problems.push(`${file} was left as it is: ${error.message}.`);
      // without the program no lock can be made
      else if (error instanceof ToolError && error.status !== 'ENOENT') {
        await writeFile(path, before);
        problems.push(`${file} was left as it is, because no versions go together: ${error.output}`);
      } else throw error;
    }
  }
  return { raised, problems };
}

function isEnough(version: string, atLeast: string): boolean {
  return compareVersions('python-pkg', version, atLeast) >= 0;
}
