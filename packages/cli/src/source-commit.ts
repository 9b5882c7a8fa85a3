import { git } from '@fairway/stage/git';

/** Commit that `folder` is checked out at, or undefined outside a Git checkout. */
export async function sourceCommit(folder: string): Promise<string | undefined> {
  try {
    return await git(folder, 'rev-parse', 'HEAD');
  } catch {
    // no git, no repository or no commit yet: the record names the source by its digest alone
    return undefined;
  }
}
