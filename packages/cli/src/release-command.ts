import { hostname, userInfo } from 'node:os';
import { releaseRequests } from '@fairway/clients/kubernetes/release-request';
import type { RunningRelease } from '@fairway/clients/kubernetes/release-request';
import { ConfigurationError } from '@fairway/service';
import { english } from '@fairway/service/reasons/reason';
import { parseForService, serviceInCluster } from './service-in-cluster.ts';

/** Holds the release that runs now at its step, lets it go on, or gives its candidate all users or none. */
export async function releaseCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseForService(argv, 2);
  const [asked, folder = '.'] = positionals;
  const request = releaseRequests.find(one => one === asked);
  if (!request)
    throw new ConfigurationError(
      `fairway release takes ${releaseRequests.join(', ')} and a folder; found ${asked === undefined ? 'nothing' : `"${asked}"`}.`,
    );
  const { service, cluster } = await serviceInCluster(folder, values, 'no release', signal);
  const { askRelease } = await import('@fairway/clients/kubernetes/index');
  const { namespace, name } = service;
  const candidate = values['revision'] as string | undefined;
  const by = `${userInfo().username} on ${hostname()}`;
  const result = await askRelease(cluster, { request, namespace, name, candidate, by, signal });
  if (result.rejected) throw new ConfigurationError(english(result.rejected));
  if (values['json']) process.stdout.write(`${JSON.stringify(result.release)}\n`);
  else process.stdout.write(`${sentence(name, result.release)}\n`);
  return 0;
}

function sentence(name: string, { candidate, stable, weight, step, steps, state, ...asked }: RunningRelease) {
  const at = `the release of ${name} at step ${step} of ${steps}`;
  if (state === 'promoted')
    return `${asked.promoted?.by} promoted ${candidate} at ${weight} % of the traffic: it gets all of it, and ${at} is not judged any further.`;
  if (state === 'aborted')
    return `${asked.aborted?.by} aborted ${at}: ${candidate} loses its ${weight} % of the traffic, and ${stable} gets all of it.`;
  if (state === 'paused')
    return `${asked.paused?.by} holds ${at}: ${candidate} stays at ${weight} % of the traffic, unless it misses an objective, and ${stable} at ${100 - weight} %.`;
  return `Nobody holds ${at}: ${candidate} is judged at ${weight} % of the traffic, from the beginning of the step.`;
}
