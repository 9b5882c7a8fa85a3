import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Characters of the record: who looks for more opens the commit. */
const longest = 200;

/** What Git says of the source of a delivery. */
export interface GitFacts {
  readonly author: string;
  /** First line of what the author wrote about the commit. */
  readonly subject: string;
  /** Folder of `mkdocs.yml` in the repository, `.` for its root; absent where the service has no documentation of that kind. */
  readonly docs?: string;
}

/** Undefined outside of a checkout, or where Git does not trust its owner. */
export async function gitFacts(folder: string, commit: string | undefined): Promise<GitFacts | undefined> {
  if (commit === undefined) return undefined;
  try {
    const [author = '', subject = ''] = (
      await git(folder, 'log', '-1', '--no-show-signature', '--format=%an%x00%s', '--end-of-options', commit)
    ).split('\0');
    const docs = (await hasDocs(folder)) ? (await git(folder, 'rev-parse', '--show-prefix')).slice(0, -1) : undefined;
    return {
      ...{ author: author.slice(0, longest), subject: subject.slice(0, longest) },
      ...(docs !== undefined && { docs: docs === '' ? '.' : docs }),
    };
  } catch {
    // the record names the commit alone
    return undefined;
  }
}

async function git(folder: string, ...words: readonly string[]): Promise<string> {
  return (await promisify(execFile)('git', ['-C', folder, ...words])).stdout.trimEnd();
}

function hasDocs(folder: string): Promise<boolean> {
  return stat(join(folder, 'mkdocs.yml')).then(
    found => found.isFile(),
    () => false,
  );
}
