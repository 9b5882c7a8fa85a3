import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { routeNames } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { servingRule } from '@fairway/clients/kubernetes/traffic';
import { userHeader } from '../access.ts';
import type { GatewayReference } from '../access.ts';
import { firewallFacts, modelAnswers, modelRule, noModelRule, routeFacts } from '../routes.ts';
import type { AnswerRule } from '../routes.ts';
import { besideGateway, gatewayReference, routePatch, ruleName } from './names.ts';

const envoy = 'type.googleapis.com/envoy.extensions.filters.http';

/** What the routes of a service have that neither an HTTPRoute nor a policy of Istio says: limits, time limits, own answers, names. */
export function routeFilters(service: Service, gateway: GatewayReference): KubernetesObject {
  const names = routeNames(service.name);
  const body = bodyLimit(service);
  const answers = (route: string, rule: AnswerRule, more: object = {}) =>
    routePatch(ruleName(service.namespace, route, rule), { ...directResponse(service, rule), ...more });
  const served = (route: string, model?: string, more: object = {}) =>
    ['candidate', servingRule].map(rule =>
      routePatch(ruleName(service.namespace, route, rule), {
        route: streamsLast(service),
        typed_per_filter_config: { ...body, ...userLimit(service), ...firewall(service, model) },
        ...more,
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
        ...served(names.chat, service.model.name, { metadata: facts(service, names.chat) }),
        ...served(names.models),
        answers(names.models, modelRule),
        answers(names.models, noModelRule),
      ],
    },
  };
}

/** A rule without backends answers 500 until this says otherwise. */
function directResponse(service: Service, rule: AnswerRule): object {
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

/** Requests, counted by each replica of the gateway by itself. Tokens that name nobody have one limit together. */
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
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
      rate_limits: [
        { actions: [{ request_headers: { header_name: userHeader, descriptor_key: 'user' } }] },
        {
          actions: [
            {
              header_value_match: {
                descriptor_value: 'nobody',
                expect_match: false,
                headers: [{ name: userHeader, present_match: true }],
              },
            },
          ],
        },
      ],
      descriptors: [
        { entries: [{ key: 'user' }], token_bucket: bucket },
        { entries: [{ key: 'header_match', value: 'nobody' }], token_bucket: bucket },
      ],
    },
  };
}

/** What the access log names, in the form that Envoy Gateway gives annotations of routes, so that the ledger reads one form. */
function facts(service: Service, route: string): object {
  const { namespace } = service;
  const resource = { kind: 'HTTPRoute', namespace, name: route, annotations: routeFacts(service) };
  return { filter_metadata: { 'envoy-gateway': { resources: [resource] } } };
}
