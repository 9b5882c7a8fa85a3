import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { removeObjects } from '@fairway/clients/kubernetes/cluster';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from '../access.ts';
import { readNeighbours } from '../conflict.ts';
import { chatRoute } from '../state.ts';
import { listFilter } from './list.ts';
import { besideGateway } from './names.ts';
import { readListed } from './neighbours.ts';
import { listReferences } from './objects.ts';

interface Route extends KubernetesObject {
  readonly spec?: { readonly hostnames?: readonly string[] };
}

/** See `GatewayTarget`. */
export async function remove(
  cluster: Cluster,
  gateway: GatewayReference,
  { namespace, name }: Pick<ServicePlace, 'namespace' | 'name'>,
): Promise<readonly string[]> {
  const route = (await chatRoute(cluster, { namespace, name })) as Route | undefined;
  const place: ServicePlace = { namespace, name, access: { hostname: route?.spec?.hostnames?.[0] } };
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const routes = await cluster.list(apiVersion, 'HTTPRoute', namespace, serviceLabels(name));
  const metadata = besideGateway(place, gateway);
  const removed = await removeObjects(cluster, [
    // a route must be gone before the policy that guards it
    ...routes.map(object => ({ ...object, apiVersion, kind: 'HTTPRoute' })),
    { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata },
    { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata },
  ]);
  return [...removed, ...(route ? await leaveSharedList(cluster, gateway, place) : [])];
}

/** One service needs no shared list; it has its own. */
async function leaveSharedList(
  cluster: Cluster,
  gateway: GatewayReference,
  place: ServicePlace,
): Promise<readonly string[]> {
  const references = listReferences(place, gateway);
  const models = await readListed(cluster, await readNeighbours(cluster, place, gateway));
  if (models.length < 2) return removeObjects(cluster, references.toReversed());
  const filter = await cluster.get(references.find(({ kind }) => kind === 'EnvoyFilter')!);
  if (filter) await applyObjects(cluster, [listFilter(filter.metadata, gateway, models)]);
  return [];
}
