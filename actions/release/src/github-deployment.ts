import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { StageContext } from '@fairway/stage';
import { beginDeployment } from '@fairway/clients/github/index';
import type { ReleaseInputs } from './inputs.ts';

export type FinishOnGithub = (state: 'success' | 'failure', description: string, url?: string) => Promise<void>;

/**
 * Begun before the traffic moves, so that a token without the permission is said while nothing has changed.
 * @returns how it is ended; it never throws, because the traffic is then where it belongs and a record that cannot be written
 * must not hide that
 */
export async function beginOnGithub(
  service: Service,
  inputs: ReleaseInputs,
  context: StageContext,
): Promise<FinishOnGithub> {
  if (!inputs['github-token']) return () => Promise.resolve();
  const ref = context.record.source.commit;
  if (!inputs.repository || !ref) {
    throw new ConfigurationError(reasonOf(inputs.repository ? 'input.noCommit' : 'input.repository'));
  }
  const github = await beginDeployment({
    token: inputs['github-token'],
    repository: inputs.repository,
    ref,
    signal: context.signal,
    environment: inputs.environment,
    service: `${service.namespace}/${service.name}`,
    description: `${service.name} ${inputs.revision}`,
    payload: { image: inputs.image, delivery: context.record.id },
  });
  return async (state, description, url) => {
    try {
      await github.finish(state, description, url);
    } catch (error) {
      context.log.warning((error as Error).message);
    }
  };
}
