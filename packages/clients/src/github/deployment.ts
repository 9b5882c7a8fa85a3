import { randomUUID } from 'node:crypto';
import { ToolError } from '../tool-error.ts';
import { asked, connect } from './access.ts';
import type { GithubAccess, Permission } from './access.ts';

export interface DeploymentRequest extends GithubAccess {
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

type State = 'in_progress' | 'success' | 'failure' | 'inactive' | 'error';

const permission: Permission = 'deployments: write';

/**
 * Records on GitHub that a delivery to an environment begins. One of the same service that has not ended broke off, and is ended as an
 * error: a run that was killed cannot do it. The signal ends the beginning; what was begun is ended all the same, since a cancelled release
 * has an outcome too.
 * @throws ToolError when GitHub does not take it; the token needs `deployments: write`
 */
export async function beginDeployment(request: DeploymentRequest): Promise<GithubDeployment> {
  const { octokit, owner, repo } = await connect(request);
  const { repos } = octokit.rest;
  const { environment, service, ref, token, repository } = request;
  const ask = <T>(what: string, send: (attempt: number) => Promise<T>) => asked(request, what, permission, send);
  const list = async () => (await repos.listDeployments({ owner, repo, environment, per_page: 20 })).data;

  for (const { id, payload } of await ask('listing the deployments', list)) {
    if (payloadOf(payload)['service'] !== service) continue;
    const last = await ask('reading the state of a deployment', async () => {
      const states = await repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 1 });
      return states.data[0]?.state;
    });
    // it has none when it broke off at once
    if (last === undefined || last === 'in_progress')
      await setState(request, id, 'error', 'The run that released it broke off.');
  }

  // by it a deployment is known whose answer was lost
  const begun = randomUUID();
  const id = await ask('creating a deployment', async attempt => {
    const made = attempt > 1 ? (await list()).find(({ payload }) => payloadOf(payload)['begun'] === begun) : undefined;
    if (made) return made.id;
    const { data } = await repos.createDeployment({
      ...{ owner, repo, ref, environment },
      description: request.description.slice(0, 140),
      payload: { ...request.payload, service, begun },
      auto_merge: false,
      // the stages before this one are the checks; others may still be running, this job among them
      required_contexts: [],
      // as people name it: production, prod, production-eu
      production_environment: /^prod(uction)?(?![a-z])/i.test(environment),
    });
    if (!('id' in data))
      throw new ToolError('github', `creating a deployment in ${repository}`, 202, data.message ?? '');
    return data.id;
  });
  await setState(request, id, 'in_progress', request.description);
  return { finish: (state, description, url) => setState({ token, repository }, id, state, description, url) };
}

async function setState(access: GithubAccess, id: number, state: State, text: string, url?: string): Promise<void> {
  const { octokit, owner, repo } = await connect(access);
  const { repos } = octokit.rest;
  const description = text.slice(0, 140);
  await asked(access, 'setting the state of a deployment', permission, async attempt => {
    if (attempt > 1) {
      const states = await repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 1 });
      const [last] = states.data;
      if (last?.state === state && last.description === description) return;
    }
    await repos.createDeploymentStatus({
      ...{ owner, repo, deployment_id: id, state, description },
      environment_url: url,
      auto_inactive: true,
    });
  });
}

/** GitHub gives the payload as it was given, and an empty text for none. */
function payloadOf(payload: object | string | null): Partial<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? (payload as Partial<Record<string, unknown>>) : {};
}
