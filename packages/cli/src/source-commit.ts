import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Commit that `folder` is checked out at, or undefined outside a Git checkout. */
export async function sourceCommit(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, 'rev-parse', 'HEAD']);
    return stdout.trim();
  } catch {
    // no git, no repository or no commit yet: the record names the source by its digest alone
    return undefined;
  }
}
