import type { Service } from '@fairway/service';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeReference } from './access.ts';
import type { ServiceReference } from './access.ts';

/** Longer than any look into the cache takes; after it the request goes to the engine. */
const messageTimeout = '250ms';

/**
 * Asks the response cache (services/cache) about the requests of the model. Without it, and where it fails, requests pass. A body that is
 * longer than the gateway holds is not rejected but passes too.
 */
export function cachePolicy(service: Service, cache: ServiceReference): KubernetesObject {
  return {
    ...cachePolicyName(service),
    spec: {
      // a filter is in the chain of a request by the route that it enters by, before its model is known
      targetRefs: [routeReference(routeNames(service.name).entry)],
      extProc: [
        {
          backendRefs: [{ ...cache }],
          failOpen: true,
          messageTimeout,
          processingMode: { allowModeOverride: true, request: { body: 'BufferedPartial' }, response: {} },
          metadata: { accessibleNamespaces: ['envoy.filters.http.jwt_authn'] },
        },
      ],
    },
  };
}

/** The policy without its content: what has to go when a service does not ask for a cache any more. */
export function cachePolicyName(service: Service): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyExtensionPolicy',
    metadata: { name: `${service.name}-cache`, namespace: service.namespace, labels: serviceLabels(service.name) },
  };
}
