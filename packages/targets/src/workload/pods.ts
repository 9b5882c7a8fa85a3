import { setTimeout as sleep } from 'node:timers/promises';
import { startupHint, startupLimits } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { enteringPods, podsBeside } from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { replicasAnnotation, revisionLabel, revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import { watchRollout } from '@fairway/clients/kubernetes/rollout';
import { readyReplicas } from '@fairway/clients/kubernetes/workload';
import type { Deployment, Pod } from '@fairway/clients/kubernetes/workload';
import { getWorkload } from '@fairway/clients/kubernetes/workload-kinds';
import { ToolError } from '@fairway/clients/tool-error';
import { drainPods, serveAgain } from './drain.ts';

/** Pods that answer, of the version that gives its pods up and of the one that gets them. */
export interface AnsweringPods {
  readonly from: number;
  readonly to: number;
}

export interface Replacement {
  /** Revision that gives pods up. */
  readonly from: string;
  /** Revision that gets them. */
  readonly to: string;
  /** Pods that `to` has in the end; default: as many as it had before a release took some. */
  readonly pods?: number;
  /** Pods that `from` has in the end, where there is room for more; default: as many as there is room for. */
  readonly left?: number;
  /** Called before pods go, with those that will be left, and after pods have come: the traffic follows. */
  readonly share: (pods: AnsweringPods) => Promise<void>;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/**
 * Replaces pods of one version by pods of another, each only when there is room for it: both together never have more than
 * `resources.replicas` (or as many as one of them had) and `release.surge`, and a pod that is still ending has its GPUs.
 * Goes on from wherever an earlier run stopped.
 * @throws ToolError when a pod does not get ready or does not end
 */
export async function replacePods(cluster: Cluster, service: Service, options: Replacement): Promise<void> {
  const { from, to, share } = options;
  const [leaving, coming] = [await deployment(cluster, service, from), await deployment(cluster, service, to)];
  const pods = options.pods ?? wholePods(coming);
  const most = Math.max(service.resources.replicas, ...[leaving, coming].map(wholePods)) + service.release.surge;
  let [left, came] = [leaving, coming].map(desiredPods) as [number, number];
  // pods of either may still be ending: `to` gave pods up itself when an earlier run that went the other way stopped
  await waitUntilEnded(cluster, service, from, left, options);
  await waitUntilEnded(cluster, service, to, came, options);
  for (const one of [from, to]) await serveAgain(cluster, service, one);
  if (came > 0) await waitUntilReady(cluster, service, to, options);
  await share({ from: await answering(left), to: came });
  while (came < pods || came + left > most || left > (options.left ?? left)) {
    if (left > 0 && (came >= pods || came + left >= most)) {
      left -= 1;
      await share({ from: await answering(left), to: came });
      await drainPods(cluster, service, from, left, options);
      await setPods(cluster, service, from, left);
      await waitUntilEnded(cluster, service, from, left, options);
    } else {
      came = Math.min(pods, most - left);
      await setPods(cluster, service, to, came);
      await waitUntilReady(cluster, service, to, options);
      await share({ from: await answering(left), to: came });
    }
  }

  /** Of so many pods; a version that is being left may be broken. */
  async function answering(count: number): Promise<number> {
    const found = await deployment(cluster, service, from);
    return Math.min(count, found ? readyReplicas(found) : 0);
  }
}

/** Pods that a version is to have; 0 when it is not there. */
export function desiredPods(found: Deployment | undefined): number {
  return found ? (found.spec?.replicas ?? 1) : 0;
}

/** Whether a release has taken pods of a version and not given them back. */
export async function lacksPods(cluster: Cluster, service: Service, revision: string): Promise<boolean> {
  const found = await deployment(cluster, service, revision);
  return desiredPods(found) < wholePods(found);
}

/** Pods that a version has when no release has taken any; 0 when it is not there. */
export function wholePods(found: Deployment | undefined): number {
  return Number(found?.metadata.annotations?.[replicasAnnotation] ?? desiredPods(found));
}

/**
 * Says that the version that serves has fewer pods than it should while a candidate waits for its release, because a release
 * broke off; undefined when it has them.
 */
export function missingPods(
  service: Service,
  found: readonly Deployment[],
  { serving, revision }: { readonly serving: string; readonly revision: string },
): string | undefined {
  const deployment = found.find(one => one.metadata.labels?.[revisionLabel] === serving);
  const [whole, now] = [wholePods(deployment), desiredPods(deployment)];
  const desired = serving === revision ? whole : podsBeside(service, whole, enteringPods(service));
  return now < desired
    ? `the version ${serving}, which serves, has ${now} of ${whole} pods since a release broke off`
    : undefined;
}

/** Sets how many pods a version has, and notes how many it had before it began to give them up. */
export async function setPods(cluster: Cluster, service: Service, revision: string, count: number): Promise<void> {
  const found = await deployment(cluster, service, revision);
  if (!found || found.spec?.replicas === count) return;
  const whole = wholePods(found);
  await cluster.request('PATCH', await cluster.path(found), {
    query: { fieldManager: 'fairway-pods' },
    body: {
      metadata: { annotations: { [replicasAnnotation]: count < whole ? String(whole) : null } },
      spec: { replicas: count },
    },
    contentType: 'application/merge-patch+json',
  });
}

export interface Watch {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Waits until a version has no more pods than this; a pod that has to let its streams end is one until it is gone. */
export async function waitUntilEnded(
  cluster: Cluster,
  service: Service,
  revision: string,
  count: number,
  { signal, progress }: Watch,
): Promise<void> {
  const { namespace, name } = service;
  // as long as its pods are given to end, and a minute for the node
  const deadline = (longestStreamSeconds(service) + 60) * 1000;
  for (const end = Date.now() + deadline; ;) {
    const found = await cluster.list<Pod>('v1', 'Pod', namespace, revisionLabels(name, revision));
    const there = found.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
    if (there.length <= count) return;
    if (Date.now() > end)
      throw new ToolError(
        'kubernetes',
        reasonOf('request.podsLeft', { version: versionName(name, revision), pods: count }),
        undefined,
        reasonOf('pods.stay', {
          pods: there.map(pod => pod.metadata.name).join(', '),
          seconds: Math.round(deadline / 1000),
        }),
        reasonOf('pods.lookAtNode'),
      );
    progress(`waiting until ${there.length - count} of ${there.length} pods of ${revision} ended`);
    await sleep(1000, undefined, { signal });
  }
}

/** Waits until a version has all pods that it is to have. */
export async function waitUntilReady(
  cluster: Cluster,
  service: Service,
  revision: string,
  { signal, progress }: Watch,
): Promise<void> {
  const { namespace, name } = service;
  const watched = await watchRollout(cluster, {
    namespace,
    deployment: versionName(name, revision),
    podLabels: revisionLabels(name, revision),
    limits: startupLimits(service),
    signal,
    progress: message => progress(`${revision}: ${message}`),
  });
  if (!watched.ready)
    throw new ToolError(
      'kubernetes',
      reasonOf('request.startPods', { version: versionName(name, revision) }),
      undefined,
      watched.coded,
      watched.exceeded && startupHint(watched.exceeded),
    );
}

function deployment(cluster: Cluster, { namespace, name }: Service, revision: string) {
  return getWorkload(cluster, { namespace, name: versionName(name, revision) });
}
