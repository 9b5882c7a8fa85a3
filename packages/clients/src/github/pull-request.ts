import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../tool-error.ts';

/** A repository, and who speaks to it. */
export interface GithubAccess {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly signal?: AbortSignal;
}

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
  const found = await asked(access, 'listing the pull requests', () =>
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
  return asked(access, `commenting on pull request ${number}`, async () => {
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

async function connect({ token, repository }: GithubAccess) {
  const { getOctokit } = await import('@actions/github');
  const [owner = '', repo = ''] = repository.split('/');
  return { octokit: getOctokit(token), owner, repo };
}

const attempts = 4;

/** Asks again where GitHub says that it is busy, as long as it says: docs.github.com, "Best practices for using the REST API". */
async function asked<T>({ repository, signal }: GithubAccess, what: string, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const { status, message, response } = error as {
        status?: number;
        message: string;
        response?: { headers: Readonly<Record<string, string | undefined>> };
      };
      const seconds = waitingTime(status, response?.headers ?? {}, attempt);
      if (seconds === undefined || attempt === attempts)
        throw new ToolError(
          'github',
          `${what} in ${repository}`,
          status,
          message,
          status === 403 || status === 404 ? 'The token needs the permission pull-requests: write.' : undefined,
        );
      await sleep(seconds * 1000, undefined, { signal });
    }
  }
}

/** Seconds until it is worth asking again; undefined when it is not, or only after minutes. */
function waitingTime(
  status: number | undefined,
  headers: Readonly<Record<string, string | undefined>>,
  attempt: number,
): number | undefined {
  const limited = (status === 403 || status === 429) && headers['retry-after'];
  if (limited) return Number(limited) <= 120 ? Number(limited) : undefined;
  return status === 429 || status === 502 || status === 503 || status === 504 ? 2 ** (attempt - 1) : undefined;
}
