import type { ClusterViews } from '../cluster-views.ts';
import type { StoredServices } from '../deliveries/stored-services.ts';
import type { KnownServices } from './service-of-alert.ts';

/** The services that were delivered, and those that a cluster has without a delivery that the portal was sent. */
export async function knownServices(
  stored: StoredServices,
  clusters: Pick<ClusterViews, 'present'>,
): Promise<KnownServices> {
  const { services } = await stored.read();
  const found = new Map<string, Set<string>>();
  const delivered = [...services.values()].map(({ described }) => described);
  for (const { namespace, service } of [...delivered, ...clusters.present().flatMap(one => one.services)])
    found.set(namespace, (found.get(namespace) ?? new Set()).add(service));
  return new Map([...found].map(([namespace, names]) => [namespace, [...names]]));
}
