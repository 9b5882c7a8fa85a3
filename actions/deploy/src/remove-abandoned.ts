import type { Service } from '@fairway/service';
import type { StageContext } from '@fairway/stage';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { removeVersions } from '@fairway/clients/kubernetes/remove-versions';
import { sharesByPods } from '@fairway/service/release-pods';
import { trafficOf } from '@fairway/targets/traffic';
import { deliveryHolder, holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import { abandonedRevisions, versions } from '@fairway/targets/workload/versions';

/**
 * Removes versions that no user reaches and whose delivery ended before its release. Somebody who is moving the traffic may be
 * about to give one of them users, so it is done under the lease, and left to the next delivery where that is taken.
 * @param held whether this delivery holds the lease already
 */
export async function removeAbandoned(
  cluster: Cluster,
  service: Service,
  keep: readonly (string | undefined)[],
  held: boolean,
  context: Pick<StageContext, 'log' | 'record' | 'signal'>,
): Promise<void> {
  const read = async () =>
    abandonedRevisions(
      await versions(cluster, service.namespace, service.name),
      await trafficShares(cluster, service, context.signal),
      keep,
    );
  const remove = async () => {
    const abandoned = await read();
    if (abandoned.length === 0) return;
    context.log.info(
      `Removing ${abandoned.join(', ')}: no user reaches them, and their delivery ended before its release.`,
    );
    await removeVersions(cluster, service, one => abandoned.includes(one));
  };
  if (held) return remove();
  const abandoned = await read();
  if (abandoned.length === 0) return;
  const holder = deliveryHolder(context.record.id);
  const result = await holdTraffic(cluster, service, { holder, signal: context.signal }, remove);
  if (result instanceof TrafficTaken) context.log.warning(`${abandoned.join(', ')} stay for now: ${result.message}.`);
}

/** Shares of the versions; none where no gateway or no route is. */
async function trafficShares(
  cluster: Cluster,
  service: Service,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (!sharesByPods(service) && !(await cluster.serves('gateway.networking.k8s.io/v1', 'HTTPRoute'))) return new Map();
  return trafficOf(cluster, service, signal).shares();
}
