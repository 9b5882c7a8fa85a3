import type { Service } from '@fairway/service';
import { revisionHeader, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { servingRule } from '@fairway/clients/kubernetes/traffic';
import type { Weights } from '@fairway/clients/kubernetes/traffic';

export interface GatewayReference {
  readonly namespace: string;
  readonly name: string;
}

export const chatPaths = ['/v1/chat/completions', '/v1/completions'];
export const modelsPaths = ['/v1/models'];

/** The routes of a service: one for completions, one for the list of models, because each asks for another scope. */
export function routes(service: Service, gateway: GatewayReference, weights: Weights): readonly KubernetesObject[] {
  const names = routeNames(service.name);
  return [
    route(service, names.chat, chatPaths, gateway, weights),
    route(service, names.models, modelsPaths, gateway, weights),
  ];
}

function route(
  service: Service,
  name: string,
  paths: readonly string[],
  gateway: GatewayReference,
  weights: Weights,
): KubernetesObject {
  const { candidate, stable } = weights;
  const header = { type: 'Exact', name: revisionHeader, value: candidate.revision };
  const serving = [backend(service, candidate.revision, candidate.weight)];
  if (stable) serving.push(backend(service, stable.revision, stable.weight));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: service.namespace, labels: serviceLabels(service.name) },
    spec: {
      parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
      ...(service.access.hostname ? { hostnames: [service.access.hostname] } : {}),
      rules: [
        rule(
          'candidate',
          paths.map(path => ({ ...pathMatch(path), headers: [header] })),
          [backend(service, candidate.revision, 1)],
        ),
        rule(servingRule, paths.map(pathMatch), serving),
      ],
    },
  };
}

function rule(name: string, matches: readonly unknown[], backendRefs: readonly unknown[]): Record<string, unknown> {
  // 0s switches the gateway's own request timeout off: a stream lasts as long as it lasts
  return { name, matches: [...matches], timeouts: { request: '0s' }, backendRefs: [...backendRefs] };
}

function pathMatch(value: string): { readonly path: { readonly type: string; readonly value: string } } {
  return { path: { type: 'Exact', value } };
}

/**
 * A weighted backend that names its revision in every answer. The filter also gives each version a cluster of its own in
 * the gateway, and with it metrics of its own.
 */
function backend(service: Service, revision: string, weight: number): Record<string, unknown> {
  return {
    name: versionName(service.name, revision),
    port: service.serving.port,
    weight,
    filters: [
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: revisionHeader, value: revision }] } },
    ],
  };
}
