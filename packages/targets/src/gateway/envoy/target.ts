import type { Service } from '@fairway/service';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { enteringWeights, sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute, Weights } from '@fairway/clients/kubernetes/traffic';
import { releasedRevisions, versions } from '../../workload/versions.ts';
import type { Access, GatewayReference } from './access.ts';
import { referenceGrant } from './grant.ts';
import { modelAnswers, routes } from './routes.ts';
import { securityPolicies } from './security.ts';
import { trafficPolicy } from './traffic-policy.ts';

/** Where a service is reached and by whom. */
export interface Entrance {
  readonly gateway: GatewayReference;
  readonly access: Access;
}

/** The objects of a service at an Envoy Gateway, each kind in the order in which it must be applied. */
export interface GatewayObjects {
  readonly grants: readonly KubernetesObject[];
  readonly policies: readonly KubernetesObject[];
  readonly answers: readonly KubernetesObject[];
  readonly routes: readonly KubernetesObject[];
}

/** Pure: the same service, entrance and weights give the same objects. */
export function render(service: Service, { gateway, access }: Entrance, weights: Weights): GatewayObjects {
  return {
    grants: [access.waf, access.jwksService]
      .filter(target => target !== undefined)
      .filter(target => target.namespace !== service.namespace)
      .map(target => referenceGrant(service, target)),
    policies: [...securityPolicies(service, access), trafficPolicy(service, access)],
    answers: modelAnswers(service),
    routes: routes(service, gateway, weights),
  };
}

/** All objects in the order in which they are applied: a route without its policies would be open for a moment. */
export function inOrder({ grants, policies, answers, routes: last }: GatewayObjects): readonly KubernetesObject[] {
  return [...grants, ...policies, ...answers, ...last];
}

/** Revision → weight on the service's route, or undefined when there is no route. */
export async function readShares(cluster: Cluster, service: Service): Promise<ReadonlyMap<string, number> | undefined> {
  const metadata = { name: routeNames(service.name).chat, namespace: service.namespace };
  const route = await cluster.get<HttpRoute>({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata,
  });
  return route && sharesOf(route, service.name);
}

/** The weights with which a candidate enters, from what serves now. */
export async function readWeights(cluster: Cluster, service: Service, candidate: string): Promise<Weights> {
  const [shares, services, found] = await Promise.all([
    readShares(cluster, service),
    cluster.list('v1', 'Service', service.namespace),
    versions(cluster, service.namespace, service.name),
  ]);
  const present = new Set(services.map(({ metadata }) => metadata.name.slice(service.name.length + 1)));
  return enteringWeights(shares ?? new Map(), candidate, present, releasedRevisions(found)[0]);
}
