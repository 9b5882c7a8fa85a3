import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, LeavingService } from '../access.ts';
import type { Departure } from '../departure.ts';
import { leaveSharedList, present, readPlace } from '../leave-list.ts';
import type { ListedModel } from '../model-list.ts';
import { listFilter } from './list.ts';
import { besideGateway } from './names.ts';
import { readListed } from './neighbours.ts';
import { listReferences } from './objects.ts';

/** See `GatewayTarget`. */
export async function readDeparture(
  cluster: Cluster,
  gateway: GatewayReference,
  service: LeavingService,
): Promise<Departure> {
  const { namespace, name } = service;
  const place = await readPlace(cluster, service);
  const metadata = besideGateway({ namespace, name }, gateway);
  const list = {
    references: listReferences,
    readListed,
    kind: 'EnvoyFilter',
    written: (own: KubernetesObject['metadata'], models: readonly ListedModel[]) => listFilter(own, gateway, models),
  };
  const shared = place ? await leaveSharedList(cluster, gateway, place, list) : { removed: [], changed: [] };
  return {
    removed: [
      // a route must be gone before the policy that guards it
      ...(await cluster.list('gateway.networking.k8s.io/v1', 'HTTPRoute', namespace, serviceLabels(name))),
      ...(await present(cluster, [
        { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata },
        { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata },
      ])),
      ...shared.removed,
    ],
    changed: shared.changed,
  };
}
