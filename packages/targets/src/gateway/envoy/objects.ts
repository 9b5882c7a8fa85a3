import type { Service } from '@fairway/service';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { fromGatewayOnly } from '../../mesh/istio/network-policy.ts';
import type { GatewayReference, ServiceReference } from '../access.ts';
import type { ListedModel } from '../model-list.ts';
import { networkPolicy, policyReference } from '../network-policy.ts';
import type { PlacedWeights } from '../places.ts';
import { ifAllowed } from '@fairway/clients/if-allowed';
import type { Entrance, GatewayObjects } from '../target.ts';
import { referenceGrant } from './grant.ts';
import { denyWithoutLimits, limitsPatch } from './limits-unavailable.ts';
import { proxiesOf, towardsVersion } from './mutual-tls.ts';
import { modelAnswers, obsoleteAnswers, routes } from './routes.ts';
import { securityPolicies } from './security.ts';
import { listReferences, sharedList } from './shared-list.ts';
import { trafficPolicy } from './traffic-policy.ts';

/**
 * Pure: the same service, entrance, weights and neighbours give the same objects.
 * @param others models of other services at the same host
 */
export function render(
  service: Service,
  entrance: Entrance,
  weights: PlacedWeights,
  others: readonly ListedModel[] = [],
): GatewayObjects {
  const { gateway, listeners, access, mutualTls, ambient } = entrance;
  const { revision } = weights.candidate;
  const patch = denyWithoutLimits(service, gateway, listeners);
  const elsewhere = ({ namespace }: ServiceReference) => namespace !== service.namespace;
  return {
    grants: [access.waf, access.jwksService]
      .filter(target => target !== undefined)
      .filter(elsewhere)
      .map(target => referenceGrant(service.namespace, target)),
    version: [
      ...(mutualTls ? towardsVersion(service, revision, mutualTls) : []),
      ...(mutualTls || ambient ? [fromGatewayOnly(service, revision, proxiesOf(gateway), ambient)] : []),
    ],
    policies: [
      ...securityPolicies(service, access),
      trafficPolicy(service, access),
      ...networkPolicy(service, proxiesOf(gateway)),
    ],
    answers: modelAnswers(service),
    routes: routes(service, gateway, weights),
    patches: patch ? [patch] : [],
    list: sharedList(service, entrance, others),
  };
}

/**
 * Objects of an earlier version of the file that are not rendered any more. A login that may not look has none to remove: it
 * could not have applied them.
 */
export async function readObsolete(
  cluster: Cluster,
  service: Service,
  gateway: GatewayReference,
  { patches, list }: GatewayObjects,
): Promise<readonly KubernetesObject[]> {
  const names = [
    // a route must be gone before the policy that guards it
    ...(list.length > 0 ? [] : listReferences(service, gateway).toReversed()),
    ...(patches.length > 0 ? [] : [limitsPatch(service, gateway)]),
    ...(service.network ? [] : [policyReference(service)]),
  ];
  const found = await Promise.all(names.map(name => ifAllowed(cluster.get(name))));
  return [...found.filter(object => object !== undefined), ...(await obsoleteAnswers(cluster, service))];
}
