import { coldStartSeconds } from '@fairway/engines';
import { limitsTokens, sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeReference, userHeader } from '../access.ts';
import type { Access } from '../access.ts';
import { countedLimits } from '../counted-limits.ts';
import { idleConnection, requestBound } from '../../engine-connections.ts';
import { errorResponses } from './errors.ts';

/** Time limits, retries, the rate limit and the errors of all routes. */
export function trafficPolicy(service: Service, access: Access): KubernetesObject {
  const names = routeNames(service.name);
  // a first user waits for a pod before there is an answer
  const longest = longestStreamSeconds(service) + (sleeps(service) ? coldStartSeconds(service) : 0);
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'BackendTrafficPolicy',
    metadata: { name: service.name, namespace: service.namespace, labels: serviceLabels(service.name) },
    spec: {
      targetRefs: [names.entry, names.chat, names.models].map(routeReference),
      timeout: {
        tcp: { connectTimeout: '2s' },
        // the idle limit counts from the request too, so it must exceed the slowest first token, not the usual one
        http: {
          requestTimeout: '0s',
          streamIdleTimeout: `${longest}s`,
          maxStreamDuration: `${longest}s`,
          connectionIdleTimeout: idleConnection,
        },
      },
      // a prompt that reached an engine is not sent to another: it may be answering already
      retry: { numRetries: 2, retryOn: { triggers: ['connect-failure', 'refused-stream'] } },
      // the gateway reads the model's name in the body, which it holds for that
      requestBuffer: { limit: String(service.access.maxRequestBytes) },
      loadBalancer: { type: 'LeastRequest' },
      // engines queue by themselves, and each stream is a connection: Envoy's own bound of 1,024 would turn the next one away
      circuitBreaker: {
        ...{ maxConnections: unbounded, maxPendingRequests: unbounded, maxParallelRequests: unbounded },
        ...requestBound(service),
      },
      responseOverride: [...errorResponses(service, access)],
      rateLimit: {
        local: { rules: localRules(service) },
        ...(limitsTokens(service) ? { global: { rules: globalRules(service) } } : {}),
      },
    },
  };
}

/** The largest that the definitions of Envoy Gateway take. */
const unbounded = 4_294_967_295;

const eachUser = [{ headers: [{ name: userHeader, type: 'Distinct' }] }];
/** Tokens that name neither a subject nor a client. */
const nobody = [{ headers: [{ name: userHeader, type: 'RegularExpression', value: '.*', invert: true }] }];

/**
 * Requests, counted by each replica of the gateway by itself. Where they are counted in Redis too, this is what is left when
 * Redis is down, and it is silent: two filters would write their headers one behind the other.
 */
function localRules(service: Service): readonly object[] {
  const limit = { requests: service.access.requestsPerMinute, unit: 'Minute' };
  const headers = limitsTokens(service) ? { xRateLimitHeaders: 'Off' } : {};
  // tokens that name nobody have one limit together
  return [
    { clientSelectors: eachUser, limit, ...headers },
    { limit, ...headers },
  ];
}

/** What is counted in Redis, over all replicas. */
function globalRules(service: Service): readonly object[] {
  const response = { from: 'Metadata', metadata: { namespace: 'llm', key: 'total_tokens' } };
  const limits = countedLimits(service).map(({ of, most, unit, each }) => ({
    limit: { requests: most, unit },
    cost: { request: { from: 'Number', number: each }, ...(of === 'tokens' ? { response } : {}) },
    ...(of === 'requests' ? { xRateLimitHeaders: 'Off' } : {}),
  }));
  // shared: the routes of the service have one count, not one each
  return limits.flatMap(limit =>
    [eachUser, nobody].map(clientSelectors => ({ clientSelectors, shared: true, ...limit })),
  );
}
