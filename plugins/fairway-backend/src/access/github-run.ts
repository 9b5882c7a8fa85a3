import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { problemText } from '../http/problem-text.ts';
import type { CiRun } from './ci-run.ts';
import type { GithubSettings } from './github-settings.ts';
import { fitsPattern } from './pattern.ts';

const claimsSchema = z.object({
  repository: z.string(),
  repository_id: z.string(),
  job_workflow_ref: z.string(),
  sha: z.string(),
  run_id: z.string(),
});

/**
 * The run that the claims of a verified token name.
 * @throws NotAllowedError when the portal does not take deliveries of its repository or workflow
 */
export function githubRun(payload: JWTPayload, settings: GithubSettings): CiRun {
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) {
    throw new AuthenticationError(
      `The token is of ${settings.issuer}, but not of a workflow run: ${problemText(claims.error)}. Ask for it inside a job with the permission id-token: write.`,
    );
  }
  const { repository, job_workflow_ref: workflow } = claims.data;
  // names of repositories are the same in every case
  const [ours, theirs] = [settings.repositories.map(pattern => pattern.toLowerCase()), repository.toLowerCase()];
  if (!ours.some(pattern => fitsPattern(pattern, theirs))) {
    throw new NotAllowedError(
      `This portal takes no deliveries from the repository ${repository}. Its operator can add it to fairway.github.repositories.`,
    );
  }
  if (!settings.workflows.some(pattern => fitsPattern(pattern, workflow))) {
    throw new NotAllowedError(
      `This portal takes no deliveries from the workflow ${workflow}. Deliver with one that fairway.github.workflows names; its operator can add this one.`,
    );
  }
  return {
    sender: `github:${claims.data.repository_id}`,
    repository,
    repositoryId: claims.data.repository_id,
    workflow,
    commit: claims.data.sha,
    url: `${settings.server}/${repository}/actions/runs/${claims.data.run_id}`,
  };
}
