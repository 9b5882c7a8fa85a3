import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { managedLabels, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, LeavingService } from '../access.ts';
import type { Departure } from '../departure.ts';
import { leaveSharedList, present, readPlace } from '../leave-list.ts';
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

/** See `GatewayTarget`: its patch, the grants of its namespace, its line in the list of models of a host that services share. */
export async function readDeparture(
  cluster: Cluster,
  gateway: GatewayReference,
  service: LeavingService,
): Promise<Departure> {
  const { namespace, name } = service;
  const place = await readPlace(cluster, service);
  const own: KubernetesObject[] = [];
  for (const [apiVersion, kind] of kinds)
    own.push(...(await cluster.list(apiVersion, kind, namespace, serviceLabels(name))));
  const shared = place ? await leaveSharedList(cluster, gateway, place, list) : { removed: [], changed: [] };
  return {
    removed: [
      ...own,
      ...(await present(cluster, [limitsPatch({ namespace, name }, gateway)])),
      ...shared.removed,
      ...(await staleGrants(cluster, namespace, name)),
    ],
    changed: shared.changed,
  };
}

/** Those of a namespace in which no other service is. */
async function staleGrants(cluster: Cluster, namespace: string, name: string): Promise<readonly KubernetesObject[]> {
  const routes = await cluster.list(`${api}/v1`, 'HTTPRoute', namespace, managedLabels);
  if (routes.some(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] !== name)) return [];
  const grants = await cluster.list<Grant>(`${api}/v1beta1`, 'ReferenceGrant', undefined, managedLabels);
  return grants.filter(({ spec }) => spec?.from?.every(from => from.namespace === namespace));
}
