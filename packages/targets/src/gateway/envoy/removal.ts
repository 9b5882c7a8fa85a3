import { removeObjects } from '@fairway/clients/kubernetes/cluster';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { managedLabels, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from '../access.ts';
import { leaveSharedList, readPlace } from '../leave-list.ts';
import { limitsPatch } from './limits-unavailable.ts';
import { listPolicy, listReferences, readListed } from './shared-list.ts';

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

const list = { references: listReferences, readListed, kind: 'EnvoyExtensionPolicy', written: listPolicy };

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
  const place = await readPlace(cluster, { namespace, name });
  const own: KubernetesObject[] = [];
  for (const [apiVersion, kind] of kinds)
    for (const object of await cluster.list(apiVersion, kind, namespace, serviceLabels(name)))
      own.push({ ...object, apiVersion, kind });
  const removed = await removeObjects(cluster, [...own, limitsPatch({ namespace, name }, gateway)]);
  return [
    ...removed,
    ...(place ? await leaveSharedList(cluster, gateway, place, list) : []),
    ...(await removeGrants(cluster, namespace)),
  ];
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
