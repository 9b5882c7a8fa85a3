import { SmokeTestError, smokeObstacle, smokeTestService } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { modelBeside, serviceProfile } from '@fairway/engines';
import { quantity } from '@fairway/service';
import type { ServiceFile } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Log } from '@fairway/stage';
import { checkPrograms } from './programs.ts';
import type { CheckedProgram } from './programs.ts';

export interface Proof {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** What was seen, as the end of a sentence after a semicolon; a sentence where it is no pass. */
  readonly reason: Reason;
  /** What stood in for an answer, where the engine cannot run here. */
  readonly programs?: readonly CheckedProgram[];
}

/**
 * Whether a patched image is still good for its service. Where the engine can run, it must answer. Where it cannot, as one for GPUs on a runner
 * without any, its programs must do what they did before: the version is tested on the cluster's GPUs before any user gets it.
 */
export async function provePatched(
  docker: DockerEngine,
  images: { readonly before: string; readonly after: string },
  { service, folder }: Pick<ServiceFile, 'service' | 'folder'>,
  context: { readonly log: Log; readonly signal: AbortSignal },
): Promise<Proof> {
  const profile = serviceProfile(service);
  const model = modelBeside(service, folder);
  const obstacle = smokeObstacle(docker, service, model);
  if (obstacle) {
    context.log.progress(`running the programs of ${images.after}`);
    return weakerProof(await checkPrograms(docker, images, service, context.signal), obstacle);
  }
  context.log.progress(`asking the engine in ${images.after}`);
  try {
    await smokeTestService(
      docker,
      images.after,
      service,
      profile,
      model,
      Math.ceil(quantity(service.resources.memory)),
      context.signal,
    );
    return { verdict: 'pass', reason: reasonOf('remediate.answers', { image: images.after }) };
  } catch (error) {
    if (!(error instanceof SmokeTestError)) throw error;
    return { verdict: 'fail', reason: reasonOf('remediate.silent', { words: error.said }) };
  }
}

export function weakerProof(programs: readonly CheckedProgram[], obstacle: Reason): Proof {
  const broken = programs.find(({ before, after }) => before === undefined && after !== undefined);
  if (broken)
    return {
      verdict: 'fail',
      reason: reasonOf('remediate.broken', { check: broken.name, words: broken.after ?? '' }),
      programs,
    };
  const good = programs.filter(({ after }) => after === undefined);
  if (good.length === 0)
    return {
      verdict: 'inconclusive',
      reason: reasonOf('remediate.untried', {
        obstacle,
        programs: listOf(
          'list.also',
          programs.map(({ name, after = '' }) => reasonOf('remediate.failed', { check: name, words: after })),
        ),
      }),
      programs,
    };
  return {
    verdict: 'pass',
    reason: reasonOf('remediate.programs', {
      checks: listOf(
        'list.comma',
        good.map(({ name }) => name),
      ),
      obstacle,
    }),
    programs,
  };
}
