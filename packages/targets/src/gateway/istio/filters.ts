import { limitsTokens } from '@fairway/service';
import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { routeNames } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { servingRule } from '@fairway/clients/kubernetes/traffic';
import { userHeader } from '../access.ts';
import type { GatewayReference } from '../access.ts';
import { countedLimits } from '../counted-limits.ts';
import type { CountedLimit } from '../counted-limits.ts';
import { firewallFacts, modelAnswers, noModelRule, routeFacts } from '../routes.ts';
import { besideGateway, gatewayReference, routePatch, ruleName } from './names.ts';

const envoy = 'type.googleapis.com/envoy.extensions.filters.http';

/** What the routes of a service have that neither an HTTPRoute nor a policy of Istio says: limits, time limits, own answers, names. */
export function routeFilters(service: Service, gateway: GatewayReference): KubernetesObject {
  const names = routeNames(service.name);
  const body = bodyLimit(service);
  const answers = (route: string, rule: string, more: object = {}) =>
    routePatch(ruleName(service.namespace, route, rule), { ...directResponse(service, rule), ...more });
  const served = (route: string, model?: string, known: object = {}) =>
    ['candidate', servingRule].map(rule =>
      routePatch(ruleName(service.namespace, route, rule), {
        route: streamsLast(service),
        typed_per_filter_config: {
          ...body,
          ...userLimit(service),
          ...redisLimits(service),
          ...firewall(service, model),
        },
        metadata: { filter_metadata: { ...known, ...limitsOfRoute(service) } },
      }),
    );
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: besideGateway(service, gateway),
    spec: {
      targetRefs: [gatewayReference(gateway)],
      configPatches: [
        // a request is held where it enters, until its model is known
        answers(names.entry, noModelRule, { typed_per_filter_config: { ...body, ...firewall(service) } }),
        ...served(names.chat, service.model.name, facts(service, names.chat)),
        ...served(names.models),
        ...modelAnswers(service).map(({ rule }) => answers(names.models, rule)),
      ],
    },
  };
}

/** A rule without backends answers 500 until this says otherwise. */
function directResponse(service: Service, rule: string): object {
  const answer = modelAnswers(service).find(one => one.rule === rule)!;
  return {
    direct_response: { status: answer.status, body_format: { json_format: answer.body } },
  };
}

function bodyLimit(service: Service): object {
  return {
    'fairway.buffer': {
      '@type': `${envoy}.buffer.v3.BufferPerRoute`,
      buffer: { max_request_bytes: service.access.maxRequestBytes },
    },
  };
}

/** What the firewall's look at the body hears about the route. */
function firewall(service: Service, model?: string): object {
  return {
    'fairway.waf_body': {
      '@type': `${envoy}.ext_authz.v3.ExtAuthzPerRoute`,
      check_settings: { context_extensions: firewallFacts(service, model) },
    },
  };
}

/** The idle limit counts from the request too, so it must exceed the slowest first token, not the usual one. */
function streamsLast(service: Service): object {
  const longest = `${longestStreamSeconds(service)}s`;
  return { idle_timeout: longest, max_stream_duration: { max_stream_duration: longest } };
}

/**
 * Requests, counted by each replica of the gateway by itself. Tokens that name nobody have one limit together. Where requests are counted in Redis
 * too, this is what is left when Redis is down, and it is silent: two filters would write their headers one behind the other.
 */
function userLimit(service: Service): object {
  const bucket = {
    max_tokens: service.access.requestsPerMinute,
    tokens_per_fill: service.access.requestsPerMinute,
    fill_interval: '60s',
  };
  const always = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
  return {
    'fairway.user_limit': {
      '@type': `${envoy}.local_ratelimit.v3.LocalRateLimit`,
      stat_prefix: 'user_limit',
      filter_enabled: always,
      filter_enforced: always,
      max_dynamic_descriptors: 10_000,
      // for requests that no descriptor below is for, which there are none of
      token_bucket: { max_tokens: 1_000_000, tokens_per_fill: 1_000_000, fill_interval: '1s' },
      ...(limitsTokens(service) ? {} : { enable_x_ratelimit_headers: 'DRAFT_VERSION_03' }),
      rate_limits: who.map(action => ({ actions: [action] })),
      descriptors: [
        { entries: [{ key: 'user' }], token_bucket: bucket },
        { entries: [{ key: 'header_match', value: 'nobody' }], token_bucket: bucket },
      ],
    },
  };
}

/** A client, and all tokens that name none together: of the two descriptors one is there. */
const who = [
  { request_headers: { header_name: userHeader, descriptor_key: 'user' } },
  {
    header_value_match: {
      descriptor_value: 'nobody',
      expect_match: false,
      headers: [{ name: userHeader, present_match: true }],
    },
  },
] as const;

/** Namespace of the metadata from which Envoy sends a limit with a request: the rate limit service has none of its own. */
const limitsMetadata = 'fairway.limits';

const limitName = ({ of, unit }: CountedLimit) => `${of}_${unit}`;

/** What is counted in Redis, over all replicas, by the filter that says what happens while nobody counts. */
function redisLimits(service: Service): object {
  const limits = countedLimits(service);
  if (limits.length === 0) return {};
  // the name of the service and of the limit, since a minute and a day that begin at once would be one counter
  const of = (limit: CountedLimit, client: object) => [
    { generic_key: { descriptor_key: 'service', descriptor_value: `${service.namespace}/${service.name}` } },
    { generic_key: { descriptor_key: 'limit', descriptor_value: limitName(limit) } },
    client,
  ];
  const count = (limit: CountedLimit, client: object, more: object) => ({
    actions: of(limit, client),
    limit: { dynamic_metadata: { metadata_key: { key: limitsMetadata, path: [{ key: limitName(limit) }] } } },
    ...more,
  });
  const charged = { hits_addend: { format: '%DYNAMIC_METADATA(llm:total_tokens)%' }, apply_on_stream_done: true };
  const filter = service.access.limitsUnavailable === 'deny' ? 'fairway.limits_closed' : 'fairway.limits_open';
  return {
    [filter]: {
      '@type': `${envoy}.ratelimit.v3.RateLimitPerRoute`,
      rate_limits: limits.flatMap(limit =>
        who.flatMap(client => [
          count(limit, client, {
            hits_addend: { number: limit.each },
            ...(limit.of === 'requests' ? { x_ratelimit_option: 'OFF' } : {}),
          }),
          ...(limit.of === 'tokens' ? [count(limit, client, charged)] : []),
        ]),
      ),
    },
  };
}

/** The limits themselves, for the filter that puts them into the metadata of a request. */
function limitsOfRoute(service: Service): object {
  const limits = countedLimits(service).map(
    limit => [limitName(limit), { requests_per_unit: limit.most, unit: limit.unit.toUpperCase() }] as const,
  );
  return limits.length > 0 ? { 'fairway.found_route': { limits: Object.fromEntries(limits) } } : {};
}

/** What access log and response cache know, in the form that Envoy Gateway gives annotations of routes, so that they read one form. */
function facts(service: Service, route: string): object {
  const { namespace } = service;
  const resource = { kind: 'HTTPRoute', namespace, name: route, annotations: routeFacts(service) };
  return { 'envoy-gateway': { resources: [resource] } };
}
