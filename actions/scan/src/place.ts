import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { systemErrorCode } from '@fairway/service';

/** Where a folder is in its Git repository, with slashes: code scanning counts paths from the repository's root. Empty outside of one. */
export async function placeInRepository(folder: string): Promise<string> {
  const start = resolve(folder);
  for (let at = start; ; at = dirname(at)) {
    // a file in a worktree
    if (await exists(join(at, '.git'))) return relative(at, start).split(sep).join('/');
    if (dirname(at) === at) return '';
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
