import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeReference, userHeader } from './access.ts';
import type { Access } from './access.ts';
import { errorResponses } from './errors.ts';

/** Time limits, retries, the rate limit and the errors of both routes. */
export function trafficPolicy(service: Service, access: Access): KubernetesObject {
  const names = routeNames(service.name);
  const longest = longestStreamSeconds(service);
  const limit = { requests: service.access.requestsPerMinute, unit: 'Minute' };
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'BackendTrafficPolicy',
    metadata: { name: service.name, namespace: service.namespace, labels: serviceLabels(service.name) },
    spec: {
      targetRefs: [routeReference(names.chat), routeReference(names.models)],
      timeout: {
        tcp: { connectTimeout: '2s' },
        // the idle limit counts from the request too, so it must exceed the slowest first token, not the usual one
        http: { requestTimeout: '0s', streamIdleTimeout: `${longest}s`, maxStreamDuration: `${longest}s` },
      },
      // a prompt that reached an engine is not sent to another: it may be answering already
      retry: { numRetries: 2, retryOn: { triggers: ['connect-failure', 'refused-stream'] } },
      loadBalancer: { type: 'LeastRequest' },
      responseOverride: [...errorResponses(service, access)],
      rateLimit: {
        type: 'Local',
        local: {
          rules: [
            {
              clientSelectors: [{ headers: [{ name: userHeader, type: 'Distinct' }] }],
              limit,
            },
            // tokens without a subject, as Keycloak may give to service accounts, have one limit together
            { limit },
          ],
        },
      },
    },
  };
}
