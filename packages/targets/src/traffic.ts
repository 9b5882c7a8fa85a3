import { sharesByPods } from '@fairway/service/release-pods';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { WeightTraffic } from './gateway/traffic.ts';
import { readFront, PodTraffic } from './workload/pod-traffic.ts';

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** How users are divided among the versions of a service. Whoever changes it holds the lease of the traffic (`holdTraffic`). */
export interface Traffic {
  /** Revision → percent of the users, 0 for a version that is there without users. Empty while nothing is in front of the versions. */
  shares(): Promise<ReadonlyMap<string, number>>;
  /**
   * Gives the versions these shares; those that are not named get no users. By pods, 100 is followed at once, and anything else
   * comes to what the pods of the named versions make of it: whoever wants a share sets them before.
   * @throws ToolError when it was not taken
   */
  set(shares: ReadonlyMap<string, number>): Promise<void>;
}

/** By the weights of the gateway, or by pods where the service has a gateway of its team. */
export function trafficOf(
  cluster: Cluster,
  service: ServiceName & Partial<Pick<Service, 'gateway'>>,
  signal: AbortSignal,
): Traffic {
  return sharesByPods(service) ? new PodTraffic(cluster, service) : new WeightTraffic(cluster, service, signal);
}

/** The same for whoever knows the name of the service alone: by what is in front of its versions. */
export async function findTraffic(cluster: Cluster, service: ServiceName, signal: AbortSignal): Promise<Traffic> {
  return (await readFront(cluster, service))
    ? new PodTraffic(cluster, service)
    : new WeightTraffic(cluster, service, signal);
}
