import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { ToolError } from '@fairway/clients/tool-error';
import { Traffic } from './traffic.ts';

const patience = 60_000;

/**
 * Gives the stable version all traffic again and answers so in half a sentence. It does not end with the run's own signal,
 * which may be what ended the release, and it tries for a minute: what ended it may also be a cluster that restarts.
 * @throws ToolError that says what to do by hand when the weights could not be put back
 */
export async function goBack(
  cluster: Cluster,
  service: { readonly namespace: string; readonly name: string },
  stable: string | undefined,
  candidate: string,
): Promise<string> {
  if (!stable) return 'There is no version to go back to';
  const calm = AbortSignal.timeout(patience);
  const traffic = new Traffic(cluster.withSignal(calm), service, calm);
  for (;;) {
    try {
      await traffic.set(
        new Map([
          [stable, 100],
          [candidate, 0],
        ]),
      );
      return `${stable} has all traffic again`;
    } catch (error) {
      if (!calm.aborted && error instanceof ToolError) {
        await sleep(2000);
        continue;
      }
      throw new ToolError(
        'gateway',
        `giving ${stable} all traffic again`,
        undefined,
        (error as Error).message,
        `${candidate} may still get a part of the traffic: run mesh again as soon as the cluster answers.`,
      );
    }
  }
}
