import { routeNames, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from '../access.ts';
import { listName } from '../model-list.ts';

type Named = Pick<ServicePlace, 'namespace' | 'name'>;

/** Istio calls a route of Envoy by the name of its rule alone, so that has the route before it. */
export function ruleName(namespace: string, route: string, rule: string): string {
  return `${namespace}.${route}.${rule}`;
}

/** Service of a version for requests that name it: one more cluster, whose figures are not those of users. */
export function namedService(service: string, revision: string): string {
  return `${versionName(service, revision)}-named`;
}

/** Policies and filters of Istio belong to gateways, so those of a service lie beside the Gateway; namespaces and names hold no dots. */
export function besideGateway({ namespace, name }: Named, gateway: GatewayReference): KubernetesObject['metadata'] {
  return { name: `${namespace}.${name}`, namespace: gateway.namespace, labels: serviceLabels(name) };
}

/** The same of the list of models of a host that services share. */
export function listMetadata(service: Pick<ServicePlace, 'access'>, gateway: GatewayReference) {
  return {
    name: listName(service, gateway),
    namespace: gateway.namespace,
    labels: { 'app.kubernetes.io/managed-by': 'fairway' },
  };
}

/** A patch of an EnvoyFilter that adds to the route of Envoy with the name of a rule. */
export function routePatch(rule: string, value: object): object {
  return {
    applyTo: 'HTTP_ROUTE',
    match: { context: 'GATEWAY', routeConfiguration: { vhost: { route: { name: rule } } } },
    patch: { operation: 'MERGE', value },
  };
}

/** What a policy or a filter holds for. */
export function gatewayReference(gateway: GatewayReference): Record<string, string> {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.name };
}

/** The three routes of a service, as the gateway names those of Envoy. */
export function placesOfService({ namespace, name }: Named): Readonly<Record<'entry' | 'chat' | 'models', string>> {
  const { entry, chat, models } = routeNames(name);
  return { entry: `${namespace}.${entry}.`, chat: `${namespace}.${chat}.`, models: `${namespace}.${models}.` };
}
