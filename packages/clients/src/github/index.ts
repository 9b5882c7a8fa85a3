export { findPullRequest, keepComment } from './pull-request.ts';
export { keepProposal } from './proposal.ts';
export type { Proposal } from './proposal.ts';
export { runToken } from './run-token.ts';
import { ToolError } from '../tool-error.ts';

export interface DeploymentRequest {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Commit, branch or tag that is delivered. */
  readonly ref: string;
  readonly environment: string;
  readonly description: string;
  /** What is released; the caller holds its lease, so no other release of it runs. */
  readonly service: string;
  /** Stored with the deployment. */
  readonly payload: Readonly<Record<string, string>>;
}

/** A GitHub Deployment that was begun. */
export interface GithubDeployment {
  /** Ends it. `url` is where the environment answers. */
  finish(state: 'success' | 'failure' | 'inactive', description: string, url?: string): Promise<void>;
}

/**
 * Records on GitHub that a delivery to an environment begins. One of the same service that is still in progress broke off,
 * and is ended as an error: a run that was killed cannot do it.
 * @throws ToolError when GitHub refuses it; the token needs `deployments: write`
 */
export async function beginDeployment(request: DeploymentRequest): Promise<GithubDeployment> {
  const [owner = '', repo = ''] = request.repository.split('/');
  const { getOctokit } = await import('@actions/github');
  const octokit = getOctokit(request.token);
  const explain = (what: string) => (error: unknown) => {
    const { status, message } = error as { status?: number; message: string };
    throw new ToolError(
      'github',
      `${what} in ${request.repository}`,
      status,
      message,
      'The token needs the permission deployments: write, and the ref must exist there.',
    );
  };
  const setState = (
    deployment_id: number,
    state: 'in_progress' | 'success' | 'failure' | 'inactive' | 'error',
    description: string,
    url?: string,
  ) =>
    octokit.rest.repos
      .createDeploymentStatus({
        owner,
        repo,
        deployment_id,
        state,
        description: description.slice(0, 140),
        environment_url: url,
        auto_inactive: true,
      })
      .catch(explain('setting the state of a deployment'));
  const { environment, service } = request;
  const former = await octokit.rest.repos
    .listDeployments({ owner, repo, environment, per_page: 20 })
    .catch(explain('listing the deployments'));
  for (const { id, payload } of former.data) {
    if ((payload as Partial<Record<string, string>> | null)?.['service'] !== service) continue;
    const states = await octokit.rest.repos
      .listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 1 })
      .catch(explain('reading the state of a deployment'));
    if (states.data[0]?.state === 'in_progress') await setState(id, 'error', 'The run that released it broke off.');
  }

  const created = await octokit.rest.repos
    .createDeployment({
      owner,
      repo,
      ref: request.ref,
      environment,
      description: request.description.slice(0, 140),
      payload: { ...request.payload, service },
      auto_merge: false,
      // the stages before this one are the checks; others may still be running, this job among them
      required_contexts: [],
      production_environment: environment === 'production',
    })
    .catch(explain('creating a deployment'));
  if (!('id' in created.data))
    throw new ToolError(
      'github',
      `creating a deployment in ${request.repository}`,
      created.status,
      created.data.message ?? '',
    );
  const { id } = created.data;
  await setState(id, 'in_progress', request.description);
  return {
    async finish(state, description, url) {
      await setState(id, state, description, url);
    },
  };
}
