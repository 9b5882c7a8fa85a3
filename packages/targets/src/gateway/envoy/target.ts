import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { enteringWeights, sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { placesOf } from './places.ts';
import type { PlacedWeights } from './places.ts';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { versions } from '../../workload/versions.ts';
import type { Access, GatewayReference, ServiceReference } from './access.ts';
import { referenceGrant } from './grant.ts';
import { denyWithoutLimits, limitsPatch } from './limits-unavailable.ts';
import { modelAnswers, routes } from './routes.ts';
import { fromGatewayOnly, towardsVersion } from './mutual-tls.ts';
import type { MutualTls } from './mutual-tls.ts';
import { securityPolicies } from './security.ts';
import { listReferences, sharedList } from './shared-list.ts';
import type { ListedModel } from './shared-list.ts';
import { trafficPolicy } from './traffic-policy.ts';

/** Where a service is reached and by whom. */
export interface Entrance {
  readonly gateway: GatewayReference;
  /** Names of the Gateway's listeners, as `readListeners` gives them. */
  readonly listeners: readonly string[];
  readonly access: Access;
  /** Absent for a service that is in no mesh. */
  readonly mutualTls?: MutualTls;
}

/** The objects of a service at an Envoy Gateway, each kind in the order in which it must be applied. */
export interface GatewayObjects {
  readonly grants: readonly KubernetesObject[];
  /** Of the candidate: how the gateway speaks to it, and that nobody else does. */
  readonly version: readonly KubernetesObject[];
  readonly policies: readonly KubernetesObject[];
  readonly answers: readonly KubernetesObject[];
  readonly routes: readonly KubernetesObject[];
  readonly patches: readonly KubernetesObject[];
  /** The list of models of a host that services share. */
  readonly list: readonly KubernetesObject[];
}

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
  const { gateway, listeners, access, mutualTls } = entrance;
  const patch = denyWithoutLimits(service, gateway, listeners);
  const elsewhere = ({ namespace }: ServiceReference) => namespace !== service.namespace;
  return {
    grants: [access.waf, access.jwksService]
      .filter(target => target !== undefined)
      .filter(elsewhere)
      .map(target => referenceGrant(service.namespace, target)),
    version: mutualTls
      ? [
          ...towardsVersion(service, weights.candidate.revision, mutualTls),
          fromGatewayOnly(service, weights.candidate.revision, gateway),
        ]
      : [],
    policies: [...securityPolicies(service, access), trafficPolicy(service, access)],
    answers: modelAnswers(service),
    routes: routes(service, gateway, weights),
    patches: patch ? [patch] : [],
    list: sharedList(service, entrance, others),
  };
}

/**
 * All objects in the order in which they are applied: a route without its policies would be open for a moment, and a patch
 * needs what it patches.
 */
export function inOrder({
  grants,
  version,
  policies,
  answers,
  routes: routed,
  patches,
  list,
}: GatewayObjects): readonly KubernetesObject[] {
  return [...grants, ...version, ...policies, ...answers, ...routed, ...patches, ...list];
}

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
  ];
  const found = await Promise.all(names.map(name => present(cluster, name)));
  return found.filter(object => object !== undefined);
}

async function present(cluster: Cluster, name: KubernetesObject): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.get(name);
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return undefined;
    throw error;
  }
}

/** Revision → percent on the service's route, or undefined when there is no route. */
export async function readShares(cluster: Cluster, service: Service): Promise<ReadonlyMap<string, number> | undefined> {
  const route = await chatRoute(cluster, service);
  return route && sharesOf(route, service.name);
}

function chatRoute(cluster: Cluster, { name, namespace }: Service): Promise<HttpRoute | undefined> {
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
