import { asked, connect } from './access.ts';
import type { GithubAccess } from './access.ts';

export interface PullRequestHead {
  /** Owner of the repository that the branch is in; a fork has another than the base. */
  readonly owner: string;
  readonly branch: string;
  readonly commit: string;
}

/**
 * The number of the open pull request whose newest commit is the given one; undefined when there is none, or newer commits came since.
 * @throws ToolError when GitHub does not answer; the token needs `pull-requests: read`
 */
export async function findPullRequest(access: GithubAccess, head: PullRequestHead): Promise<number | undefined> {
  const { octokit, owner, repo } = await connect(access);
  const found = await asked(access, 'listing the pull requests', 'pull-requests: read', () =>
    octokit.rest.pulls.list({ owner, repo, state: 'open', head: `${head.owner}:${head.branch}`, per_page: 100 }),
  );
  return found.data.find(({ head: { sha } }) => sha === head.commit)?.number;
}

/**
 * Writes a comment on a pull request, or brings the one that begins with the same marker up to date. Only a comment of an app counts: anybody
 * may write the marker.
 * @param marker first line of the comment, such as an HTML comment
 * @returns what was done
 * @throws ToolError when GitHub does not take it; the token needs `pull-requests: write`
 */
export async function keepComment(
  access: GithubAccess,
  number: number,
  { marker, text }: { readonly marker: string; readonly text: string },
): Promise<'created' | 'updated' | 'unchanged'> {
  const { octokit, owner, repo } = await connect(access);
  const body = `${marker}\n${text}`;
  // looked for again before each attempt, so that a comment whose answer was lost is not written twice
  return asked(access, `commenting on pull request ${number}`, 'pull-requests: write', async () => {
    const comments = await octokit.paginate(octokit.rest.issues.listComments, {
      owner,
      repo,
      issue_number: number,
      per_page: 100,
    });
    const own = comments.find(({ body: written, user }) => user?.type === 'Bot' && written?.startsWith(`${marker}\n`));
    if (own?.body === body) return 'unchanged';
    if (own) {
      await octokit.rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
      return 'updated';
    }
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
    return 'created';
  });
}
