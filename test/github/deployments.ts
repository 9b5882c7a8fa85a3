import { created, notFound, page, unprocessable } from './answer.ts';
import type { Operations } from './answer.ts';
import { example, userOf } from './example.ts';
import type { Examples } from './example.ts';
import { addressOf } from './repository.ts';
import type { RepositoryFacts } from './repository.ts';

export interface DeploymentStatus {
  readonly state: string;
  readonly description: string;
  readonly address?: string;
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: object | string;
  readonly production: boolean;
  /** The oldest first. */
  readonly statuses: DeploymentStatus[];
}

/** @param deployments those that are there, the oldest first; what is asked for is added */
export function deploymentOperations(
  examples: Examples,
  facts: RepositoryFacts,
  deployments: Deployment[],
  isKnown: (ref: string) => boolean,
): Operations {
  const address = `${addressOf(facts)}/deployments`;
  const shown = (deployment: Deployment, login: string) => ({
    ...example(examples, 'deployment'),
    url: `${address}/${deployment.id}`,
    statuses_url: `${address}/${deployment.id}/statuses`,
    id: deployment.id,
    ref: deployment.ref,
    environment: deployment.environment,
    original_environment: deployment.environment,
    description: deployment.description,
    payload: deployment.payload,
    production_environment: deployment.production,
    creator: userOf(examples, login),
  });
  const shownStatus = ({ id, environment }: Deployment, status: DeploymentStatus, at: number, login: string) => ({
    ...example(examples, 'deployment-status'),
    id: at + 1,
    url: `${address}/${id}/statuses/${at + 1}`,
    deployment_url: `${address}/${id}`,
    state: status.state,
    description: status.description,
    environment,
    environment_url: status.address ?? '',
    target_url: '',
    log_url: '',
    creator: userOf(examples, login),
  });
  const find = (text: string | undefined) => deployments.find(({ id }) => id === Number(text));
  return {
    'repos/list-deployments'(asked) {
      const wanted = asked.query.get('environment');
      const found = deployments.filter(one => wanted === null || one.environment === wanted).toReversed();
      return page(
        asked,
        address,
        found.map(one => shown(one, asked.login)),
      );
    },
    'repos/create-deployment'({ body, login }) {
      const ref = String(body['ref']);
      if (!isKnown(ref)) return unprocessable(`No ref found for: ${ref}`);
      const environment = String(body['environment'] ?? 'production');
      const deployment: Deployment = {
        id: Math.max(0, ...deployments.map(({ id }) => id)) + 1,
        ref,
        environment,
        description: String(body['description'] ?? ''),
        payload: (body['payload'] ?? {}) as object,
        production: Boolean(body['production_environment'] ?? environment === 'production'),
        statuses: [],
      };
      deployments.push(deployment);
      return created(shown(deployment, login));
    },
    'repos/list-deployment-statuses'(asked) {
      const deployment = find(asked.path['deployment_id']);
      if (!deployment) return notFound;
      const found = deployment.statuses.map((status, at) => shownStatus(deployment, status, at, asked.login));
      return page(asked, `${address}/${deployment.id}/statuses`, found.toReversed());
    },
    'repos/create-deployment-status'({ path, body, login }) {
      const deployment = find(path['deployment_id']);
      if (!deployment) return notFound;
      const description = String(body['description'] ?? '');
      // the description has it for the answer alone, and GitHub rejects what it could not answer
      if (description.length > 140)
        return unprocessable('Validation Failed', [
          { resource: 'DeploymentStatus', code: 'custom', field: 'description', message: 'description is too long' },
        ]);
      const environmentUrl = body['environment_url'] as string | undefined;
      const status = {
        state: String(body['state']),
        description,
        ...(environmentUrl ? { address: environmentUrl } : {}),
      };
      deployment.statuses.push(status);
      // those before it that had succeeded and are no production end, unless the request says otherwise
      if (status.state === 'success' && body['auto_inactive'] !== false)
        for (const other of deployments)
          if (
            other.environment === deployment.environment &&
            other.id < deployment.id &&
            !other.production &&
            other.statuses.at(-1)?.state === 'success'
          )
            other.statuses.push({ state: 'inactive', description: '' });
      return created(shownStatus(deployment, status, deployment.statuses.length - 1, login));
    },
  };
}
