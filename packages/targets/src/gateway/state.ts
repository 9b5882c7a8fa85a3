import type { Service } from '@fairway/service';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { enteringWeights, sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { versions } from '../workload/versions.ts';
import type { GatewayReference } from './access.ts';
import { placesOf } from './places.ts';
import type { PlacedWeights } from './places.ts';

interface Gateway extends KubernetesObject {
  readonly spec?: { readonly listeners?: readonly { readonly name: string; readonly protocol: string }[] };
}

/** Names of the listeners that take HTTP. */
export async function readListeners(cluster: Cluster, gateway: GatewayReference): Promise<readonly string[]> {
  const found = await cluster.get<Gateway>({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: gateway,
  });
  return (found?.spec?.listeners ?? []).filter(({ protocol }) => /^HTTPS?$/.test(protocol)).map(({ name }) => name);
}

/** Revision → percent on the service's route, or undefined when there is no route. */
export async function readShares(cluster: Cluster, service: Service): Promise<ReadonlyMap<string, number> | undefined> {
  const route = await chatRoute(cluster, service);
  return route && sharesOf(route, service.name);
}

/** The route of requests that ask the model; undefined when there is none. */
export function chatRoute(
  cluster: Cluster,
  { name, namespace }: Pick<Service, 'name' | 'namespace'>,
): Promise<HttpRoute | undefined> {
  return cluster.get<HttpRoute>({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: routeNames(name).chat, namespace },
  });
}

/** The weights with which a candidate enters, from what serves now. */
export async function readWeights(cluster: Cluster, service: Service, candidate: string): Promise<PlacedWeights> {
  const [route, services, found] = await Promise.all([
    chatRoute(cluster, service),
    cluster.list('v1', 'Service', service.namespace),
    versions(cluster, service.namespace, service.name),
  ]);
  const present = new Set(services.map(({ metadata }) => metadata.name.slice(service.name.length + 1)));
  const shares = sharesOf(route, service.name);
  const entering = enteringWeights(shares, candidate, present, releasedRevisions(found)[0]);
  return { ...entering, places: placesOf(route, service.name) };
}
