import fs from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { ConflictError } from '@backstage/errors';
import { systemErrorCode } from '@fairway/service';
import git from 'isomorphic-git';

export interface FolderToPublish {
  readonly from: string;
  /** Must not be there yet; the folders above it are made. */
  readonly to: string;
  readonly branch: string;
  readonly message: string;
  readonly author: { readonly name: string | undefined; readonly email: string | undefined };
}

/**
 * Makes a Git repository with one commit. It appears whole or not at all.
 * @returns the identifier of the commit
 */
export async function publishFolder({ from, to, branch, message, author }: FolderToPublish): Promise<string> {
  await refuseExisting(to);
  await mkdir(dirname(to), { recursive: true });
  // beside its place, so that moving it there is one step of the file system
  const draft = await mkdtemp(`${to}.`);
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true, filter: path => belongs(relative(from, path)) });
    await git.init({ fs, dir: draft, defaultBranch: branch });
    await git.add({ fs, dir: draft, filepath: '.' });
    const commit = await git.commit({
      fs,
      dir: draft,
      message,
      author: { name: author.name ?? 'Fairway', email: author.email ?? '' },
    });
    await rename(draft, to);
    return commit;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const code = systemErrorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') throw alreadyThere(to);
    throw error;
  }
}

async function refuseExisting(folder: string): Promise<void> {
  try {
    await lstat(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  throw alreadyThere(folder);
}

function alreadyThere(folder: string): ConflictError {
  return new ConflictError(
    `${folder} is already there and was left as it is. Choose another name for the service, or move that folder away first.`,
  );
}

/** A history or a record that came with the template would be that of another service. */
function belongs(path: string): boolean {
  const [first] = path.split(/[\\/]/);
  return first !== '.git' && first !== '.fairway';
}
