import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { fromGatewayOnly } from '../../mesh/istio/network-policy.ts';
import type { GatewayReference, ServicePlace } from '../access.ts';
import type { ListedModel } from '../model-list.ts';
import { networkPolicy, policyReference } from '../network-policy.ts';
import type { PlacedWeights } from '../places.ts';
import { ifAllowed } from '@fairway/clients/if-allowed';
import { routes } from '../routes.ts';
import type { Entrance, GatewayObjects } from '../target.ts';
import { authorizationPolicy, listedModels } from './authorization.ts';
import { routeFilters } from './filters.ts';
import { sharedList } from './list.ts';
import { listMetadata, namedService, ruleName } from './names.ts';
import { connectionsOf, namedVersion, proxiesOf } from './version.ts';

/** See `GatewayTarget`. That only the gateway reaches a version needs nothing of the gateway, whose proxies are members of the mesh. */
export function render(
  service: Service,
  { gateway, access, mutualTls, ambient }: Entrance,
  weights: PlacedWeights,
  others: readonly ListedModel[] = [],
): GatewayObjects {
  const { revision } = weights.candidate;
  const models = [...others, ...listedModels(service, access)];
  return {
    grants: [],
    version: [
      namedVersion(service, revision),
      ...connectionsOf(service, revision),
      ...(mutualTls || ambient ? [fromGatewayOnly(service, revision, proxiesOf(gateway), ambient)] : []),
    ],
    policies: [authorizationPolicy(service, access, gateway), ...networkPolicy(service, proxiesOf(gateway))],
    answers: [],
    routes: routes(service, gateway, weights, {
      rule: (route, name) => ruleName(service.namespace, route, name),
      answer: () => [],
      named: one => namedService(service.name, one),
    }),
    patches: [routeFilters(service, gateway)],
    list: models.length > 1 ? sharedList(service, gateway, access, models) : [],
  };
}

/** The list's objects by kind and name, in the order in which they are applied. */
export function listReferences(
  service: Pick<ServicePlace, 'access'>,
  gateway: GatewayReference,
): readonly KubernetesObject[] {
  const metadata = listMetadata(service, gateway);
  return [
    { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata },
    { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata },
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata },
  ];
}

/** See `GatewayTarget`. */
export async function readObsolete(
  cluster: Cluster,
  service: Service,
  gateway: GatewayReference,
  { list }: GatewayObjects,
): Promise<readonly KubernetesObject[]> {
  const names = [
    // a route must be gone before the policy that guards it
    ...(list.length > 0 ? [] : listReferences(service, gateway).toReversed()),
    ...(service.network ? [] : [policyReference(service)]),
  ];
  const found = await Promise.all(names.map(name => ifAllowed(cluster.get(name))));
  return found.filter(object => object !== undefined);
}
