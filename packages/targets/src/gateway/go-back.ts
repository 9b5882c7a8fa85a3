import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@fairway/service';
import { errorReason, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { lacksRoom, replacesPods, weightOfPods } from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { ToolError } from '@fairway/clients/tool-error';
import { versions } from '../workload/versions.ts';
import { serveAgain } from '../workload/drain.ts';
import { lacksPods, replacePods } from '../workload/pods.ts';
import { letPodsGo } from '../workload/scaler.ts';
import { trafficOf } from '../traffic.ts';
import type { TrafficHold } from './traffic-lease.ts';

/** Milliseconds for which errors are tried again, from the last thing that went well. */
const patience = 60_000;

/**
 * Gives the stable version all traffic again, and with `release.surge` its pods, and answers so in half a sentence. It does
 * not end with the run's own signal, which may be what ended the release, and it tries for a minute: what ended it may
 * also be a cluster that restarts. Pods come back one after another, and the traffic with them. Where somebody else has taken the
 * lease meanwhile, nothing is moved: it would undo what that one did.
 * @throws ToolError that says what to do by hand when the weights or the pods could not be put back
 */
export async function goBack(
  cluster: Cluster,
  service: Service,
  stable: string | undefined,
  candidate: string,
  { takenBy }: Pick<TrafficHold, 'takenBy'>,
  progress: (message: string) => void,
): Promise<Reason> {
  if (!stable) return reasonOf('traffic.none');
  let end = Date.now() + patience;
  for (;;) {
    try {
      const other = await takenBy();
      if (other !== undefined) return reasonOf('traffic.others', { holder: other, service: service.name });
      // each wait for a pod has an end of its own
      const open = cluster.withSignal(new AbortController().signal);
      // a pod that was to go and has not gone
      if (replacesPods(service)) await serveAgain(open, service, stable);
      if (lacksRoom(service) || (await lacksPods(open, service, stable)))
        await takePodsBack(open, service, stable, candidate, progress, () => (end = Date.now() + patience));
      const calm = AbortSignal.timeout(patience);
      await trafficOf(cluster.withSignal(calm), service, calm).set(
        new Map([
          [stable, 100],
          [candidate, 0],
        ]),
      );
      if (service.scaling) await letPodsGo(open, service, stable);
      return reasonOf('traffic.back', { revision: stable });
    } catch (error) {
      if (Date.now() < end && error instanceof ToolError) {
        await sleep(2000);
        continue;
      }
      throw new ToolError(
        'gateway',
        reasonOf('request.goBack', { revision: stable }),
        undefined,
        errorReason(error as Error),
        reasonOf('traffic.mayStay', { candidate }),
      );
    }
  }
}

/**
 * Before anybody goes on after a holder of the lease that broke off: the version that was released last gets its users back, so
 * that whoever goes on and fails leaves nobody with a version that was not judged to its end.
 * @param hold with who held the lease before
 */
export async function endBrokenOff(
  cluster: Cluster,
  service: Service,
  hold: TrafficHold,
  log: { warning(message: string): void; progress(message: string): void },
): Promise<void> {
  const [found, shares] = await Promise.all([
    versions(cluster, service.namespace, service.name),
    trafficOf(cluster, service, new AbortController().signal).shares(),
  ]);
  const stable = releasedRevisions(found).find(one => shares.has(one));
  const unjudged = [...shares].filter(([revision, share]) => revision !== stable && share > 0);
  log.warning(`What ${hold.brokenOff} did broke off; this goes on from the version released last.`);
  if (!stable) return;
  for (const [revision] of unjudged) await goBack(cluster, service, stable, revision, hold, log.progress);
}

async function takePodsBack(
  cluster: Cluster,
  service: Service,
  stable: string,
  candidate: string,
  progress: (message: string) => void,
  went: () => void,
): Promise<void> {
  const { signal } = new AbortController();
  const traffic = trafficOf(cluster, service, signal);
  await replacePods(cluster, service, {
    from: candidate,
    to: stable,
    async share({ from, to }) {
      const weight = weightOfPods({ candidate: from, stable: to }, service.resources.replicas, 0);
      await traffic.set(
        new Map([
          [stable, 100 - weight],
          [candidate, weight],
        ]),
      );
      went();
    },
    signal,
    progress,
  });
}
