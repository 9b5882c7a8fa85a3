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
  /** Stored with the deployment; shown by GitHub's API, never interpreted. */
  readonly payload: Readonly<Record<string, string>>;
}

/** A GitHub Deployment that was begun. */
export interface GithubDeployment {
  /** Ends it. `url` is where the environment answers. */
  finish(state: 'success' | 'failure' | 'inactive', description: string, url?: string): Promise<void>;
}

/**
 * Records on GitHub that a delivery to an environment begins.
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
  const created = await octokit.rest.repos
    .createDeployment({
      owner,
      repo,
      ref: request.ref,
      environment: request.environment,
      description: request.description.slice(0, 140),
      payload: request.payload,
      auto_merge: false,
      // the stages before this one are the checks; others may still be running, this job among them
      required_contexts: [],
      production_environment: request.environment === 'production',
    })
    .catch(explain('creating a deployment'));
  if (!('id' in created.data))
    throw new ToolError(
      'github',
      `creating a deployment in ${request.repository}`,
      created.status,
      created.data.message ?? '',
    );
  const deployment_id = created.data.id;
  const setState = (state: 'in_progress' | 'success' | 'failure' | 'inactive', description: string, url?: string) =>
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
  await setState('in_progress', request.description);
  return {
    async finish(state, description, url) {
      await setState(state, description, url);
    },
  };
}
