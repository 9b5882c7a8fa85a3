import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Characters of the record: who looks for more opens the commit. */
const longest = 200;

/** Who wrote a commit, and the first line of what they wrote about it. */
export interface CommitText {
  readonly author: string;
  readonly subject: string;
}

/** What Git says of the commit; undefined outside of a checkout, or where Git does not trust its owner. */
export async function commitText(folder: string, commit: string | undefined): Promise<CommitText | undefined> {
  if (commit === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)('git', [
      ...['-C', folder, 'log', '-1', '--no-show-signature', '--format=%an%x00%s', '--end-of-options', commit],
    ]);
    const [author = '', subject = ''] = stdout.trimEnd().split('\0');
    return { author: author.slice(0, longest), subject: subject.slice(0, longest) };
  } catch {
    // the record names the commit alone
    return undefined;
  }
}
