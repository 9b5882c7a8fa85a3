import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A commit as Git shows it in one line. */
export interface SourceCommit {
  readonly commit: string;
  /** Name of the author, without the address. */
  readonly author?: string;
  /** First line of the message. */
  readonly subject?: string;
}

/** Characters of an author or a subject that are worth storing; Git sets no limit. */
const longest = 200;

/** Commit that `folder` is checked out at, or undefined outside a Git checkout. */
export async function sourceCommit(folder: string): Promise<SourceCommit | undefined> {
  try {
    const show = ['log', '-1', '--no-show-signature', '--format=%H%n%an%n%s'];
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...show]);
    const [commit = '', author = '', subject = ''] = stdout.split('\n');
    return { commit, ...(author && { author: shortened(author) }), ...(subject && { subject: shortened(subject) }) };
  } catch {
    // no git, no repository or no commit yet: the record names the source by its digest alone
    return undefined;
  }
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
