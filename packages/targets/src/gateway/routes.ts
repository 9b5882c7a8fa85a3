import { modelNames } from '@fairway/service';
import type { Service } from '@fairway/service';
import { revisionHeader, routeNames, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { GatewayReference } from './access.ts';
import { errorBody } from './errors.ts';
import { chatPaths, operationPaths } from './operations.ts';
import { servingRule } from '@fairway/clients/kubernetes/traffic';
import { annotationPrefix, placed, versionAnnotations } from './places.ts';
import type { PlacedWeights } from './places.ts';

/** Set by the gateway from the body of a request, and removed from what clients send. */
export const modelHeader = 'x-model';

/** The rule that answers for every model without a route. */
export const noModelRule = 'no-model';

/** The rule that answers with the one model by its name; those of its adapters have their number behind it. */
export const modelRule = 'model';

/** What the implementations of the Gateway API say in ways of their own. */
export interface RouteDialect {
  /** Name of a rule; the same in all routes where the implementation does not care. */
  rule(route: string, name: string): string;
  /** Filters of a rule for which the gateway answers itself. */
  answer(name: string): readonly object[];
  /** The Service of the candidate for requests that name it. */
  named(revision: string): string;
}

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
  dialect: RouteDialect,
): readonly KubernetesObject[] {
  const names = routeNames(service.name);
  const list = operationPaths.models;
  const version = versionAnnotations(sharesOfVersions(weights));
  const answers = (name: string, rule: string, matches: readonly object[]) =>
    answerRule(dialect.rule(name, rule), matches, dialect.answer(answerName(service, rule)));
  return [
    route(service, names.entry, gateway, [answers(names.entry, noModelRule, chatPaths.map(pathMatch))]),
    route(
      service,
      names.chat,
      gateway,
      servingRules(service, names.chat, chatPaths, weights, dialect, modelNames(service)),
      {
        ...annotationsOf(routeFacts(service)),
        [scopeAnnotation]: service.access.chatScope,
        ...version,
      },
    ),
    route(service, names.models, gateway, [
      ...servingRules(service, names.models, [list], weights, dialect),
      ...modelNames(service).map((model, at) =>
        answers(names.models, ruleOfModel(at), [pathMatch(`${list}/${model}`)]),
      ),
      answers(names.models, noModelRule, [{ path: { type: 'PathPrefix', value: `${list}/` } }]),
    ]),
  ];
}

/** Annotation of the route that asks the model: the scope that opens it, for others at the same gateway. */
export const scopeAnnotation = 'fairway.dev/chat-scope';

/** @param at of the model in `modelNames` */
export function ruleOfModel(at: number): string {
  return at === 0 ? modelRule : `${modelRule}-${at}`;
}

/** Name of what the gateway answers by itself for a rule. */
export function answerName(service: Service, rule: string): string {
  return `${routeNames(service.name).models}-${rule === noModelRule ? 'none' : rule}`;
}

/** What the gateway itself answers: each model by its name, and 404 for every other. */
export function modelAnswers(
  service: Service,
): readonly { readonly rule: string; readonly status: number; readonly body: object }[] {
  // when the model was created is not known; clients read the field as a number
  const models = modelNames(service).map(id => ({ id, object: 'model', created: 0, owned_by: service.owner }));
  const none = errorBody(
    'model_not_found',
    'No model of this name is served at this address. GET /v1/models lists those that are; a request names one of them in the field model of its JSON body.',
  );
  return [
    ...models.map((body, at) => ({ rule: ruleOfModel(at), status: 200, body })),
    { rule: noModelRule, status: 404, body: none },
  ];
}

/**
 * What the access log, the response cache and the limit of running requests must know of requests that ask the model: the service and its owner. The
 * ledger counts requests of routes that say so; listing models uses no model.
 */
export function routeFacts(service: Service): Readonly<Record<string, string>> {
  const { concurrentRequests, limitsUnavailable } = service.access;
  return {
    service: service.name,
    owner: service.owner,
    // for the response cache, which has many services
    ...(service.cache ? { cache: JSON.stringify(service.cache) } : {}),
    // for services/concurrency, and for the filters of the gateway
    ...(concurrentRequests ? { concurrentRequests: String(concurrentRequests), limitsUnavailable } : {}),
  };
}

/**
 * What the firewall writes into its lines besides the request. The model is known at its own route alone: elsewhere it is what a client says. One with
 * an adapter is there under the name of the model itself, since all have one route.
 */
export function firewallFacts(service: Service, model?: string): Readonly<Record<string, string>> {
  return { namespace: service.namespace, service: service.name, ...(model ? { model } : {}) };
}

function annotationsOf(facts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${annotationPrefix}${name}`, value]));
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

/** @param models of which a request must name one, besides its path; every one where there are none */
function servingRules(
  service: Service,
  route: string,
  paths: readonly string[],
  weights: PlacedWeights,
  dialect: RouteDialect,
  models: readonly string[] = [],
): readonly unknown[] {
  const asked = (path: string, more: readonly object[] = []) => {
    const named = models.map(value => ({ type: 'Exact', name: modelHeader, value }));
    return (named.length > 0 ? named.map(model => [model, ...more]) : [more]).map(headers => ({
      ...pathMatch(path),
      // with the method, so that it goes before the list that services of one host share
      ...(path === operationPaths.models && more.length > 0 ? { method: 'GET' } : {}),
      ...(headers.length > 0 ? { headers } : {}),
    }));
  };
  const version = { type: 'Exact', name: revisionHeader, value: weights.candidate.revision };
  const serving = placed(weights.places ?? [], sharesOfVersions(weights), revision => backend(service, revision));
  const { revision } = weights.candidate;
  return [
    rule(
      dialect.rule(route, 'candidate'),
      paths.flatMap(path => asked(path, [version])),
      [backend(service, revision, dialect.named(revision))],
    ),
    rule(
      dialect.rule(route, servingRule),
      paths.flatMap(path => asked(path)),
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
    filters: [namesRequest, asEnginesNeedIt],
    backendRefs: [...backendRefs],
  };
}

function answerRule(name: string, matches: readonly unknown[], filters: readonly unknown[]): Record<string, unknown> {
  return { name, matches: [...matches], filters: [namesRequest, ...filters] };
}

/** Every answer carries the request's id, which the logs of the gateway and the firewall hold too. */
const namesRequest = {
  type: 'ResponseHeaderModifier',
  responseHeaderModifier: { set: [{ name: 'x-request-id', value: '%REQ(X-REQUEST-ID)%' }] },
};

/**
 * Who asks is known by now, and an engine needs no token: it may write it into its log, or take no header as long as that of a person in many groups
 * (8,192 bytes at llama.cpp: `CPPHTTPLIB_HEADER_MAX_LENGTH` of cpp-httplib). What it answers is not compressed, so that its tokens can be counted.
 */
const asEnginesNeedIt = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { remove: ['authorization', 'accept-encoding'] },
};

function pathMatch(value: string): { readonly path: { readonly type: string; readonly value: string } } {
  return { path: { type: 'Exact', value } };
}

/**
 * A backend that names its revision in every answer, but not in those that the gateway gives before it asked one.
 * The filter also gives each version a cluster of its own in the gateway, and with it metrics of its own.
 */
function backend(
  service: Service,
  revision: string,
  name = versionName(service.name, revision),
): Record<string, unknown> {
  // a header whose value is empty is not added
  const value = `%CEL(has(upstream.address) ? "${revision}" : "")%`;
  return {
    name,
    port: service.serving.port,
    filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: revisionHeader, value }] } }],
  };
}
