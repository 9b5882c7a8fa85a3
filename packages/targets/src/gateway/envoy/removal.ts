import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { removeObjects } from '@fairway/clients/kubernetes/cluster';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { managedLabels, routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from '../access.ts';
import { readNeighbours } from '../conflict.ts';
import { limitsPatch } from './limits-unavailable.ts';
import { listPolicy, listReferences, readListed } from './shared-list.ts';

interface Route extends KubernetesObject {
  readonly spec?: { readonly hostnames?: readonly string[] };
}

interface Grant extends KubernetesObject {
  readonly spec?: { readonly from?: readonly { readonly namespace: string }[] };
}

const envoy = 'gateway.envoyproxy.io/v1alpha1';
const api = 'gateway.networking.k8s.io';
/** Of a service in its own namespace. A route must be gone before the policy that guards it. */
const kinds = [
  [`${api}/v1`, 'HTTPRoute'],
  [envoy, 'SecurityPolicy'],
  [envoy, 'BackendTrafficPolicy'],
  [envoy, 'HTTPRouteFilter'],
] as const;

/**
 * Takes a service away from a gateway, with what it has outside of its namespace, which does not go with that: its patch, the
 * grants of its namespace, its line in the list of models of a host that services share.
 * @returns what was removed, as `kind namespace/name`
 */
export async function removeFromGateway(
  cluster: Cluster,
  gateway: GatewayReference,
  { namespace, name }: Pick<ServicePlace, 'namespace' | 'name'>,
): Promise<readonly string[]> {
  const metadata = { namespace, name: routeNames(name).chat };
  const route = await cluster.get<Route>({ apiVersion: `${api}/v1`, kind: 'HTTPRoute', metadata });
  const place: ServicePlace = { namespace, name, access: { hostname: route?.spec?.hostnames?.[0] } };
  const own: KubernetesObject[] = [];
  for (const [apiVersion, kind] of kinds)
    for (const object of await cluster.list(apiVersion, kind, namespace, serviceLabels(name)))
      own.push({ ...object, apiVersion, kind });
  const removed = await removeObjects(cluster, [...own, limitsPatch(place, gateway)]);
  return [
    ...removed,
    ...(route ? await leaveSharedList(cluster, gateway, place) : []),
    ...(await removeGrants(cluster, namespace)),
  ];
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
  const program = await cluster.get(references.find(({ kind }) => kind === 'EnvoyExtensionPolicy')!);
  if (program) await applyObjects(cluster, [listPolicy(program.metadata, models)]);
  return [];
}

/** Those of a namespace in which no service is left. */
async function removeGrants(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  if ((await cluster.list(`${api}/v1`, 'HTTPRoute', namespace, managedLabels)).length > 0) return [];
  const apiVersion = `${api}/v1beta1`;
  const grants = await cluster.list<Grant>(apiVersion, 'ReferenceGrant', undefined, managedLabels);
  const stale = grants.filter(({ spec }) => spec?.from?.every(from => from.namespace === namespace));
  return removeObjects(
    cluster,
    stale.map(grant => ({ ...grant, apiVersion, kind: 'ReferenceGrant' })),
  );
}
