import type { Service } from '@fairway/service';
import { revisionHeader, routeNames, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { GatewayReference } from './access.ts';
import { errorBody } from './errors.ts';
import { servingRule } from '@fairway/clients/kubernetes/traffic';
import type { Weights } from '@fairway/clients/kubernetes/traffic';

export const chatPaths = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses'];
export const modelsPaths = ['/v1/models'];

/**
 * The routes of a service: one for what the model is asked, one for the list of models, because each asks for another scope.
 * The model by its name is answered by the gateway, since most engines do not serve it.
 */
export function routes(service: Service, gateway: GatewayReference, weights: Weights): readonly KubernetesObject[] {
  const names = routeNames(service.name);
  const one = `${modelsPaths[0]}/`;
  return [
    route(service, names.chat, gateway, servingRules(service, chatPaths, weights), counted(service)),
    route(service, names.models, gateway, [
      ...servingRules(service, modelsPaths, weights),
      answerRule('model', pathMatch(`${one}${service.model.name}`), `${names.models}-model`),
      answerRule('no-model', { path: { type: 'PathPrefix', value: one } }, `${names.models}-none`),
    ]),
  ];
}

/** What the gateway itself answers for the routes of the models: the one model by its name, and 404 for every other. */
export function modelAnswers(service: Service): readonly KubernetesObject[] {
  const { models } = routeNames(service.name);
  const { name } = service.model;
  return [
    // when the model was created is not known; clients read the field as a number
    answer(service, `${models}-model`, 200, { id: name, object: 'model', created: 0, owned_by: service.owner }),
    answer(service, `${models}-none`, 404, errorBody('model_not_found', `This service has one model: ${name}.`)),
  ];
}

function answer(service: Service, name: string, statusCode: number, body: object): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'HTTPRouteFilter',
    metadata: { name, namespace: service.namespace, labels: serviceLabels(service.name) },
    spec: {
      directResponse: {
        contentType: 'application/json',
        statusCode,
        body: { type: 'Inline', inline: JSON.stringify(body) },
      },
    },
  };
}

/**
 * Envoy Gateway hands annotations of this prefix to Envoy, whose access log then names the service and its owner. The ledger counts requests
 * of routes that have them; listing models uses no model.
 */
function counted(service: Service): Readonly<Record<string, string>> {
  return { 'gateway.envoyproxy.io/service': service.name, 'gateway.envoyproxy.io/owner': service.owner };
}

function route(
  service: Service,
  name: string,
  gateway: GatewayReference,
  rules: readonly unknown[],
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: service.namespace, labels: serviceLabels(service.name), annotations },
    spec: {
      parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
      ...(service.access.hostname ? { hostnames: [service.access.hostname] } : {}),
      rules: [...rules],
    },
  };
}

function servingRules(service: Service, paths: readonly string[], { candidate, stable }: Weights): readonly unknown[] {
  const header = { type: 'Exact', name: revisionHeader, value: candidate.revision };
  const serving = [backend(service, candidate.revision, candidate.weight)];
  if (stable) serving.push(backend(service, stable.revision, stable.weight));
  return [
    rule(
      'candidate',
      paths.map(path => ({ ...pathMatch(path), headers: [header] })),
      [backend(service, candidate.revision, 1)],
    ),
    rule(servingRule, paths.map(pathMatch), serving),
  ];
}

function rule(name: string, matches: readonly unknown[], backendRefs: readonly unknown[]): Record<string, unknown> {
  return {
    name,
    matches: [...matches],
    // 0s switches the gateway's own request timeout off: a stream lasts as long as it lasts
    timeouts: { request: '0s' },
    filters: [namesRequest],
    backendRefs: [...backendRefs],
  };
}

function answerRule(name: string, match: unknown, filter: string): Record<string, unknown> {
  const extensionRef = { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name: filter };
  return { name, matches: [match], filters: [namesRequest, { type: 'ExtensionRef', extensionRef }] };
}

/** Every answer carries the request's id, which the logs of the gateway and the firewall hold too. */
const namesRequest = {
  type: 'ResponseHeaderModifier',
  responseHeaderModifier: { set: [{ name: 'x-request-id', value: '%REQ(X-REQUEST-ID)%' }] },
};

function pathMatch(value: string): { readonly path: { readonly type: string; readonly value: string } } {
  return { path: { type: 'Exact', value } };
}

/**
 * A weighted backend that names its revision in every answer, but not in those that the gateway gives before it asked one.
 * The filter also gives each version a cluster of its own in the gateway, and with it metrics of its own.
 */
function backend(service: Service, revision: string, weight: number): Record<string, unknown> {
  // a header whose value is empty is not added
  const value = `%CEL(has(upstream.address) ? "${revision}" : "")%`;
  return {
    name: versionName(service.name, revision),
    port: service.serving.port,
    weight,
    filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: revisionHeader, value }] } }],
  };
}
