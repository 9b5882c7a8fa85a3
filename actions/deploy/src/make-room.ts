import type { Service } from '@fairway/service';
import { enteringPods, podsBeside, replacesPods } from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel } from '@fairway/clients/kubernetes/names';
import { removeVersions } from '@fairway/clients/kubernetes/remove-versions';
import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { goBack } from '@fairway/targets/gateway/go-back';
import type { TrafficHold } from '@fairway/targets/gateway/traffic-lease';
import { trafficOf } from '@fairway/targets/traffic';
import { drainPods, serveAgain } from '@fairway/targets/workload/drain';
import { desiredPods, missingPods, setPods, waitUntilEnded, wholePods } from '@fairway/targets/workload/pods';
import { versions } from '@fairway/targets/workload/versions';

export interface RoomOptions {
  /** Version that enters, or that is delivered again. */
  readonly revision: string;
  /** Version that serves; the same one when it is delivered again. */
  readonly serving: string;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/**
 * Before anything is applied where there is no room for all pods of a version: what a release that broke off left is put
 * right, and versions that nobody needs go with their pods.
 */
export async function putRight(
  cluster: Cluster,
  service: Service,
  hold: Pick<TrafficHold, 'takenBy'>,
  options: RoomOptions,
): Promise<void> {
  const { revision, serving, signal, progress } = options;
  const found = await versions(cluster, service.namespace, service.name);
  const shares = await trafficOf(cluster, service, signal).shares();
  const missing = missingPods(service, found, options);
  await serveAgain(cluster, service, serving);
  const others = new Set([...found.flatMap(one => one.metadata.labels?.[revisionLabel] ?? []), revision]);
  others.delete(serving);
  for (const other of others)
    if (missing || shares.get(other))
      await goBack(cluster, service, serving, other, hold, message => progress(`going back to ${serving}: ${message}`));
  if (serving === revision) await setPods(cluster, service, serving, wholePods(of(found, serving)));
  if (!replacesPods(service)) return;
  others.delete(revision);
  await removeVersions(cluster, service, one => others.has(one));
  for (const one of others) await waitUntilEnded(cluster, service, one, 0, { signal, progress });
}

/** The version that serves gives as many pods up as the one that enters finds no room for, and these end. */
export async function makeRoom(cluster: Cluster, service: Service, options: RoomOptions): Promise<void> {
  const { serving, signal, progress } = options;
  const found = await versions(cluster, service.namespace, service.name);
  const beside = podsBeside(service, wholePods(of(found, serving)), enteringPods(service));
  await drainPods(cluster, service, serving, beside, { signal, progress });
  await setPods(cluster, service, serving, beside);
  await waitUntilEnded(cluster, service, serving, beside, { signal, progress });
}

/** The version that serves gets back what the one that entered, which failed, leaves. A pod that waits for a GPU has none. */
export async function giveBack(
  cluster: Cluster,
  service: Service,
  { revision, serving }: Pick<RoomOptions, 'serving' | 'revision'>,
): Promise<void> {
  const found = await versions(cluster, service.namespace, service.name);
  const pods = desiredPods(of(found, revision));
  await setPods(cluster, service, serving, podsBeside(service, wholePods(of(found, serving)), pods));
}

function of(found: readonly Deployment[], revision: string): Deployment | undefined {
  return found.find(one => one.metadata.labels?.[revisionLabel] === revision);
}
