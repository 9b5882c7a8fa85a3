import { setTimeout as sleep } from 'node:timers/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { isLimited, waitingTime } from './waiting.ts';
import type { Rejection } from './waiting.ts';

/** A repository, and who speaks to it. */
export interface GithubAccess {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** How the user names the token, where it is not that of the job. */
  readonly tokenName?: string;
  readonly signal?: AbortSignal;
}

/** Milliseconds for one answer. */
const timeout = 30_000;
const attempts = 4;
/** Seconds of waiting in all. A job whose limit is used up for longer is better run again than held. */
const patience = 300;

export async function connect({ token, repository, signal }: GithubAccess) {
  const { getOctokit } = await import('@actions/github');
  const [owner = '', repo = ''] = repository.split('/');
  const octokit = getOctokit(token);
  octokit.hook.before('request', options => {
    const late = AbortSignal.timeout(timeout);
    options.request = { ...options.request, signal: signal ? AbortSignal.any([signal, late]) : late };
  });
  octokit.hook.after('request', ({ data, headers }) => {
    // Octokit takes the half of a document for a text
    if (typeof data === 'string' && /\bjson\b/.test(headers['content-type'] ?? ''))
      throw Object.assign(new Error('the answer broke off'), { status: 500 });
  });
  return { octokit, owner, repo };
}

/** What the token must be allowed to do, as a workflow writes it: `contents: write`. */
export type Permission = `${'contents' | 'deployments' | 'pull-requests'}: ${'read' | 'write'}`;

/**
 * Asks GitHub, and again as long as it says that it is busy, or its answer is lost. What was asked may have been done each time: `ask` looks before it writes.
 * @param ask gets the number of the attempt, from 1
 */
export async function asked<T>(
  access: GithubAccess,
  what: string,
  permission: Permission,
  ask: (attempt: number) => Promise<T>,
): Promise<T> {
  const { repository, signal } = access;
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      const rejection = rejectionOf(error);
      const seconds = waitingTime(rejection, attempt, Date.now());
      if (seconds === undefined || attempt === attempts || waited + seconds > patience)
        throw new ToolError(
          'github',
          `${what} in ${repository}`,
          rejection.status,
          rejection.message,
          advice(access, rejection, permission, seconds),
        );
      waited += seconds;
      // never earlier than GitHub says; jobs that started together do not come back together
      await sleep(seconds * 1000 * (1 + Math.random() / 4), undefined, { signal });
    }
  }
}

/**
 * Octokit gives a connection that broke off the status 500, with no answer.
 * @throws what is no error of a request
 */
function rejectionOf(error: unknown): Rejection {
  const { status, message, response } = error as {
    readonly status?: number;
    readonly message: string;
    readonly response?: { readonly headers: Rejection['headers'] };
  };
  if (typeof status !== 'number') throw error;
  return response ? { status, headers: response.headers, message } : { headers: {}, message };
}

function advice(
  { repository, tokenName }: GithubAccess,
  rejection: Rejection,
  permission: Permission,
  seconds = 0,
): Reason | undefined {
  if (isLimited(rejection)) {
    const until = new Date(Date.now() + seconds * 1000).toISOString();
    return reasonOf('github.limited', { until });
  }
  if (isRuled(rejection.message)) return reasonOf('github.ruled');
  if (/repository is empty/i.test(rejection.message)) return reasonOf('github.empty');
  if (tokenName) return adviceOnToken(repository, tokenName, rejection, permission);
  if (rejection.status === 401) return reasonOf('github.badToken');
  if (/not permitted to create or approve pull requests/.test(rejection.message)) return reasonOf('github.allowPulls');
  if (rejection.status === 403) return reasonOf('github.needs', { permission });
  if (rejection.status === 404) return reasonOf('github.absent', { permission });
  return undefined;
}

/** Of a token that somebody made for one repository. */
function adviceOnToken(
  repository: string,
  name: string,
  { status }: Rejection,
  permission: Permission,
): Reason | undefined {
  const first = name.charAt(0).toUpperCase() + name.slice(1);
  if (status === 401) return reasonOf('github.ownInvalid', { name: first });
  if (status === 403) return reasonOf('github.ownNeeds', { name: first, permission, repository });
  if (status === 404) return reasonOf('github.ownAbsent', { repository, name, permission });
  return undefined;
}

/** Whether a protection of the branch is why GitHub does not take a commit. */
export function isRuled(message: string): boolean {
  return /rule violations|protected branch|through a pull request/i.test(message);
}
