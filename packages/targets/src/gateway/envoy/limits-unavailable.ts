import { limitsTokens } from '@fairway/service';
import type { Service } from '@fairway/service';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { GatewayReference } from '../access.ts';

/** Reference of the patch, whether it is there or not. */
export function limitsPatch(service: Pick<Service, 'namespace' | 'name'>, gateway: GatewayReference): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyPatchPolicy',
    // namespaces and names of services hold no dots
    metadata: { name: `limits.${service.namespace}.${service.name}`, namespace: gateway.namespace },
  };
}

/**
 * What happens while the rate limit service does not answer. Envoy Gateway has one answer for all services, so the filter
 * of this one gets its own by a patch, which belongs beside the Gateway.
 * @param listeners names of the Gateway's listeners
 * @returns undefined where the service asks for nothing else than Envoy Gateway's default, which lets requests pass
 */
export function denyWithoutLimits(
  service: Service,
  gateway: GatewayReference,
  listeners: readonly string[],
): KubernetesObject | undefined {
  if (!limitsTokens(service) || service.access.limitsUnavailable === 'allow') return undefined;
  const { apiVersion, kind, metadata } = limitsPatch(service, gateway);
  const filter = `envoy.filters.http.ratelimit/${service.namespace}/${service.name}`;
  const patches = listeners.flatMap(listener =>
    Object.entries({ failure_mode_deny: true, status_on_error: { code: 'ServiceUnavailable' } }).map(
      ([field, value]) => ({
        type: 'type.googleapis.com/envoy.config.listener.v3.Listener',
        name: `${gateway.namespace}/${gateway.name}/${listener}`,
        operation: {
          op: 'add',
          jsonPath: `..http_filters[?(@.name=='${filter}')].typed_config`,
          path: field,
          value,
        },
      }),
    ),
  );
  return {
    apiVersion,
    kind,
    metadata: { ...metadata, labels: serviceLabels(service.name) },
    spec: {
      targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.name },
      type: 'JSONPatch',
      jsonPatches: patches,
    },
  };
}
