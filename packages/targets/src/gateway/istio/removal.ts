import { removeObjects } from '@fairway/clients/kubernetes/cluster';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from '../access.ts';
import { leaveSharedList, readPlace } from '../leave-list.ts';
import type { ListedModel } from '../model-list.ts';
import { listFilter } from './list.ts';
import { besideGateway } from './names.ts';
import { readListed } from './neighbours.ts';
import { listReferences } from './objects.ts';

/** See `GatewayTarget`. */
export async function remove(
  cluster: Cluster,
  gateway: GatewayReference,
  { namespace, name }: Pick<ServicePlace, 'namespace' | 'name'>,
): Promise<readonly string[]> {
  const place = await readPlace(cluster, { namespace, name });
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const routes = await cluster.list(apiVersion, 'HTTPRoute', namespace, serviceLabels(name));
  const metadata = besideGateway({ namespace, name }, gateway);
  const list = {
    references: listReferences,
    readListed,
    kind: 'EnvoyFilter',
    written: (own: KubernetesObject['metadata'], models: readonly ListedModel[]) => listFilter(own, gateway, models),
  };
  const removed = await removeObjects(cluster, [
    // a route must be gone before the policy that guards it
    ...routes.map(object => ({ ...object, apiVersion, kind: 'HTTPRoute' })),
    { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata },
    { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata },
  ]);
  return [...removed, ...(place ? await leaveSharedList(cluster, gateway, place, list) : [])];
}
