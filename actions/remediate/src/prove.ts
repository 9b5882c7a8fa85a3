import { SmokeTestError, smokeObstacle, smokeTestService } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { serviceProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { Log } from '@fairway/stage';

/** Whether the engine still serves from a patched image. */
export async function provePatched(
  docker: DockerEngine,
  image: string,
  service: Service,
  context: { readonly log: Log; readonly signal: AbortSignal },
): Promise<{ readonly verdict: 'pass' | 'fail' | 'inconclusive'; readonly reason: string }> {
  const obstacle = smokeObstacle(docker, service);
  if (obstacle)
    return {
      verdict: 'inconclusive',
      reason: `The image is patched, but whether it still answers could not be tried: ${obstacle}.`,
    };
  context.log.progress(`asking the engine in ${image}`);
  try {
    await smokeTestService(docker, image, service, serviceProfile(service), context.signal);
    return { verdict: 'pass', reason: '' };
  } catch (error) {
    if (!(error instanceof SmokeTestError)) throw error;
    return { verdict: 'fail', reason: `The patched image no longer serves: ${error.output}` };
  }
}
