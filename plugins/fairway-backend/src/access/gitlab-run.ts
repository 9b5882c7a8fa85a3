import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { problemText } from '../http/problem-text.ts';
import type { CiRun } from './ci-run.ts';
import type { GitlabSettings } from './gitlab-settings.ts';
import { fitsPattern } from './pattern.ts';

/** As in https://docs.gitlab.com/ci/secrets/id_token_authentication/, where all of them are texts. */
const claimsSchema = z.object({
  project_path: z.string(),
  project_id: z.string(),
  pipeline_id: z.string(),
  ref: z.string(),
  ref_protected: z.string(),
  sha: z.string(),
});

/**
 * The pipeline that the claims of a verified token name. It must be one of a protected branch or tag: on any other, whoever may
 * push chooses what runs.
 * @throws NotAllowedError when the portal does not take deliveries of its project or branch
 */
export function gitlabRun(payload: JWTPayload, { url, projects }: GitlabSettings): CiRun {
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) {
    throw new AuthenticationError(
      `The token is of ${url}, but not of a CI job: ${problemText(claims.error)}. Ask for it with id_tokens of the job.`,
    );
  }
  const { project_path: repository, project_id: id, pipeline_id: pipeline, ref, sha } = claims.data;
  // names of projects are the same in every case
  if (!projects.some(pattern => fitsPattern(pattern.toLowerCase(), repository.toLowerCase()))) {
    throw new NotAllowedError(
      `This portal takes no deliveries from the project ${repository}. Its operator can add it to fairway.gitlab.projects.`,
    );
  }
  if (claims.data.ref_protected !== 'true') {
    throw new NotAllowedError(
      `This portal takes no deliveries from ${ref} of ${repository}, which is not protected. Deliver from a protected branch or tag, or protect this one in the settings of the project.`,
    );
  }
  return {
    sender: `gitlab:${id}`,
    repository,
    repositoryId: `gitlab:${id}`,
    workflow: ref,
    commit: sha,
    url: `${url}/${repository}/-/pipelines/${pipeline}`,
  };
}
