import { createHash } from 'node:crypto';
import { findPullRequest, keepComment } from '@fairway/clients/github/index';
import { ConfigurationError } from '@fairway/service';
import * as z from 'zod';
import { commentText } from './comment-text.ts';
import { readResults } from './results.ts';

/** The part of GitHub's event workflow_run that is read: it, and not what the check left, says which pull request it was. */
const eventSchema = z.object({
  workflow_run: z.object({
    conclusion: z.string(),
    head_branch: z.string(),
    head_sha: z.string(),
    head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullable(),
    html_url: z.string(),
  }),
});

export interface CommentRequest {
  /** The event of the run, as JSON. */
  readonly event: string;
  /** Folder of what the check left. */
  readonly results: string;
  /** Folder of the service in the repository. */
  readonly service: string;
  /** That the check was for; empty for none. */
  readonly environment: string;
  readonly access: Parameters<typeof findPullRequest>[0];
  info(message: string): void;
}

/**
 * Says on the pull request what its check found.
 * @returns the number of the pull request; undefined when none is open whose newest commit was checked
 */
export async function comment({
  event,
  results,
  service,
  environment,
  access,
  info,
}: CommentRequest): Promise<number | undefined> {
  const parsed = eventSchema.safeParse(JSON.parse(event));
  if (!parsed.success)
    throw new ConfigurationError(
      'This action comments on the pull request whose check has ended: run it in a workflow that is started `on: workflow_run`, with `types: [completed]`.',
    );
  const { conclusion, head_branch, head_sha, head_repository, html_url } = parsed.data.workflow_run;
  // GitHub ends a run so that waits for somebody's approval, as of a fork, and one without a job
  if (conclusion === 'action_required' || conclusion === 'skipped') {
    info(`The check ended with ${conclusion}: no job of it ran.`);
    return undefined;
  }
  const owner = head_repository?.owner.login;
  const number =
    owner === undefined ? undefined : await findPullRequest(access, { owner, branch: head_branch, commit: head_sha });
  if (number === undefined) {
    info(`No pull request is open whose newest commit is ${head_sha}: there is nothing to comment on.`);
    return undefined;
  }
  const check = { service, environment, conclusion, commit: head_sha, address: html_url };
  const text = commentText(await readResults(results), check);
  const named = environment === '' ? service : `${service} ${environment}`;
  const hash = createHash('sha256').update(named).digest('hex').slice(0, 16);
  const done = await keepComment(access, number, { marker: `<!-- fairway ${hash} -->`, text });
  info(`The comment on pull request ${number} is ${done}.`);
  return number;
}
