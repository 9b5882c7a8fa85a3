import type { Service } from '@fairway/service';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Access, GatewayReference } from '../access.ts';
import { listProgram } from '../model-list.ts';
import type { ListedModel } from '../model-list.ts';
import { operationPaths } from '../operations.ts';
import { entryRule } from './authorization.ts';
import { gatewayReference, listMetadata, routePatch, ruleName } from './names.ts';

/** Name under which Istio's token check has the claims. */
const claims = 'payload';

const rule = 'list';

/**
 * The list of models where services share a host, or one has adapters, which not every engine lists: those that the token may use. It belongs to none of them; whichever is delivered
 * writes it for all. The rule has a method, and so goes before the services' own lists.
 * @param models of all services of the host
 */
export function sharedList(
  service: Service,
  gateway: GatewayReference,
  access: Access,
  models: readonly ListedModel[],
): readonly KubernetesObject[] {
  const metadata = listMetadata(service, gateway);
  return [
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata,
      spec: {
        targetRefs: [gatewayReference(gateway)],
        action: 'ALLOW',
        rules: [entryRule(ruleName(metadata.namespace, metadata.name, rule), access)],
      },
    },
    listFilter(metadata, gateway, models),
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
        ...(service.access.hostname ? { hostnames: [service.access.hostname] } : {}),
        rules: [
          {
            // it has no backend: the program below answers
            name: ruleName(metadata.namespace, metadata.name, rule),
            matches: [{ path: { type: 'Exact', value: operationPaths.models }, method: 'GET' }],
          },
        ],
      },
    },
  ];
}

/** What writes the list, and all that changes in it when a service comes or goes. */
export function listFilter(
  metadata: KubernetesObject['metadata'] & { readonly namespace?: string },
  gateway: GatewayReference,
  models: readonly ListedModel[],
): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: metadata.name, namespace: gateway.namespace, labels: metadata.labels },
    spec: {
      targetRefs: [gatewayReference(gateway)],
      configPatches: [
        routePatch(ruleName(gateway.namespace, metadata.name, rule), {
          typed_per_filter_config: {
            'fairway.list': {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.LuaPerRoute',
              source_code: { inline_string: listProgram(models, claims) },
            },
          },
        }),
      ],
    },
  };
}
