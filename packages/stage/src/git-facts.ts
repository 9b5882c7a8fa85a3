import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';

/** Characters of the record: who looks for more opens the commit. */
const longest = 200;

/** What Git says of the source of a delivery. */
export interface GitFacts {
  readonly author: string;
  /** First line of what the author wrote about the commit. */
  readonly subject: string;
  /** Number of the merge request by which the commit came, where GitLab merged it. */
  readonly mergeRequest?: string;
  /** Folder of `mkdocs.yml` in the repository, `.` for its root; absent where the service has no documentation of that kind. */
  readonly docs?: string;
  /** True where files of the folder differ from the commit, or are new and not ignored: the commit alone is not what was delivered. */
  readonly modified?: true;
}

/** Undefined outside of a checkout, or where Git does not trust its owner. */
export async function gitFacts(folder: string, commit: string | undefined): Promise<GitFacts | undefined> {
  if (commit === undefined) return undefined;
  try {
    const [author = '', subject = '', body = ''] = (
      await git(folder, 'log', '-1', '--no-show-signature', '--format=%an%x00%s%x00%b', '--end-of-options', commit)
    ).split('\0');
    const docs = (await hasDocs(folder)) ? (await git(folder, 'rev-parse', '--show-prefix')).slice(0, -1) : undefined;
    return {
      ...factsOf(author, subject, body),
      ...(docs !== undefined && { docs: docs === '' ? '.' : docs }),
      ...((await isModified(folder, commit)) && { modified: true as const }),
    };
  } catch {
    // the record names the commit alone
    return undefined;
  }
}

/**
 * What the record takes of a commit. The line with the merge request is that of GitLab's default template of merge commits
 * (https://docs.gitlab.com/user/project/merge_requests/commit_templates/), with or without the project before the number.
 */
export function factsOf(author: string, subject: string, body: string): GitFacts {
  const mergeRequest = /^See merge request \S*!(\d{1,18})\s*$/m.exec(body)?.[1];
  return {
    author: author.slice(0, longest),
    subject: subject.slice(0, longest),
    ...(mergeRequest !== undefined && { mergeRequest }),
  };
}

async function isModified(folder: string, commit: string): Promise<boolean> {
  // what deliveries write themselves, where nobody has it ignored
  const source = ['--', '.', ':(exclude).fairway'];
  const changed = await git(folder, 'diff', '--name-only', '--no-ext-diff', '--end-of-options', commit, ...source);
  return changed !== '' || (await git(folder, 'ls-files', '--others', '--exclude-standard', ...source)) !== '';
}

function hasDocs(folder: string): Promise<boolean> {
  return stat(join(folder, 'mkdocs.yml')).then(
    found => found.isFile(),
    () => false,
  );
}
