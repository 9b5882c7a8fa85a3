import type { Service } from '@fairway/service';
import { revisionHeader, routeNames, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { GatewayReference } from './access.ts';
import { errorBody } from './errors.ts';
import { chatPaths, operationPaths } from './operations.ts';
import { servingRule } from '@fairway/clients/kubernetes/traffic';
import { placed, serviceAnnotation, versionAnnotations } from './places.ts';
import type { PlacedWeights } from './places.ts';

/** Set by the gateway from the body of a request, and removed from what clients send. */
export const modelHeader = 'x-model';

/** The rule that answers for every model without a route. */
export const noModelRule = 'no-model';

/**
 * The routes of a service. A request has no model before its body is read, so it enters by the first route, where its token is
 * looked at; then the gateway knows the model and finds the second. What stays on the first names a model that nobody serves.
 * Services that share a host each have such an entry, all alike; the oldest one's is used.
 *
 * The list of models is a route of its own, because it asks for other rights. The model by its name is answered by the gateway,
 * since most engines do not serve it.
 */
export function routes(
  service: Service,
  gateway: GatewayReference,
  weights: PlacedWeights,
): readonly KubernetesObject[] {
  const names = routeNames(service.name);
  const list = operationPaths.models;
  const model = { type: 'Exact', name: modelHeader, value: service.model.name };
  const version = versionAnnotations(sharesOfVersions(weights));
  return [
    route(service, names.entry, gateway, [answerRule(noModelRule, chatPaths.map(pathMatch), noModelAnswer(service))]),
    route(service, names.chat, gateway, servingRules(service, chatPaths, weights, [model]), {
      ...counted(service),
      ...version,
    }),
    route(service, names.models, gateway, [
      ...servingRules(service, [list], weights),
      answerRule('model', [pathMatch(`${list}/${service.model.name}`)], `${names.models}-model`),
      answerRule(noModelRule, [{ path: { type: 'PathPrefix', value: `${list}/` } }], noModelAnswer(service)),
    ]),
  ];
}

function noModelAnswer(service: Service): string {
  return `${routeNames(service.name).models}-none`;
}

/** What the gateway itself answers for the routes of the models: the one model by its name, and 404 for every other. */
export function modelAnswers(service: Service): readonly KubernetesObject[] {
  const { models } = routeNames(service.name);
  const { name } = service.model;
  return [
    // when the model was created is not known; clients read the field as a number
    answer(service, `${models}-model`, 200, { id: name, object: 'model', created: 0, owned_by: service.owner }),
    answer(
      service,
      noModelAnswer(service),
      404,
      errorBody(
        'model_not_found',
        'No model of this name is served at this address. GET /v1/models lists those that are; a request names one of them in the field model of its JSON body.',
      ),
    ),
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
  return {
    [serviceAnnotation]: service.name,
    'gateway.envoyproxy.io/owner': service.owner,
    // for the response cache, which has many services
    ...(service.cache ? { 'gateway.envoyproxy.io/cache': JSON.stringify(service.cache) } : {}),
  };
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

/** @param headers that a request must have besides its path */
function servingRules(
  service: Service,
  paths: readonly string[],
  weights: PlacedWeights,
  headers: readonly object[] = [],
): readonly unknown[] {
  const version = { type: 'Exact', name: revisionHeader, value: weights.candidate.revision };
  const serving = placed(weights.places ?? [], sharesOfVersions(weights), revision => backend(service, revision));
  return [
    rule(
      'candidate',
      // with the method, so that it goes before the list that services of one host share
      paths.map(path => ({
        ...pathMatch(path),
        ...(path === operationPaths.models ? { method: 'GET' } : {}),
        headers: [...headers, version],
      })),
      [backend(service, weights.candidate.revision)],
    ),
    rule(
      servingRule,
      paths.map(path => ({ ...pathMatch(path), ...(headers.length > 0 ? { headers: [...headers] } : {}) })),
      serving,
    ),
  ];
}

function sharesOfVersions({ candidate, stable }: PlacedWeights): ReadonlyMap<string, number> {
  return new Map([...(stable ? [stable] : []), candidate].map(({ revision, weight }) => [revision, weight]));
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

function answerRule(name: string, matches: readonly unknown[], filter: string): Record<string, unknown> {
  const extensionRef = { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name: filter };
  return { name, matches: [...matches], filters: [namesRequest, { type: 'ExtensionRef', extensionRef }] };
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
 * A backend that names its revision in every answer, but not in those that the gateway gives before it asked one.
 * The filter also gives each version a cluster of its own in the gateway, and with it metrics of its own.
 */
function backend(service: Service, revision: string): Record<string, unknown> {
  // a header whose value is empty is not added
  const value = `%CEL(has(upstream.address) ? "${revision}" : "")%`;
  return {
    name: versionName(service.name, revision),
    port: service.serving.port,
    filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: revisionHeader, value }] } }],
  };
}
