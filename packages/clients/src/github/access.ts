import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../tool-error.ts';

/** A repository, and who speaks to it. */
export interface GithubAccess {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly signal?: AbortSignal;
}

export async function connect({ token, repository }: GithubAccess) {
  const { getOctokit } = await import('@actions/github');
  const [owner = '', repo = ''] = repository.split('/');
  return { octokit: getOctokit(token), owner, repo };
}

const attempts = 4;

/**
 * Asks again where GitHub says that it is busy, as long as it says: docs.github.com, "Best practices for using the REST API".
 * @param permission that the token needs, for the error
 */
export async function asked<T>(
  { repository, signal }: GithubAccess,
  what: string,
  ask: () => Promise<T>,
  permission = 'pull-requests: write',
): Promise<T> {
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
          status === 403 || status === 404 ? `The token needs the permission ${permission}.` : undefined,
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
