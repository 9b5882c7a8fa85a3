import { operations } from '@fairway/service';
import type { Operation, Service } from '@fairway/service';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeReference, userHeader } from './access.ts';
import type { Access } from './access.ts';
import { operationPaths } from './operations.ts';

/** The name under which the claims of a verified token are found. */
export const provider = 'issuer';

/**
 * Who may use each route: the WAF, a valid token of the issuer, a right. Everything else is denied. At the entry the token is
 * enough, since what a request wants is not known yet; nothing is behind it but the answer that there is no such model.
 */
export function securityPolicies(service: Service, access: Access): readonly KubernetesObject[] {
  const names = routeNames(service.name);
  const asks = operations.filter(operation => operation !== 'models');
  return [
    securityPolicy(service, names.entry, access),
    securityPolicy(service, names.chat, access, authorization(service, access, asks)),
    securityPolicy(service, names.models, access, authorization(service, access, ['models'])),
  ];
}

/** What the values in a token allow: who may ask the model may list it too, so one token is enough for a client that does both. */
export function rights(service: Service): ReadonlyMap<string, readonly Operation[]> {
  const { chatScope, modelsScope, roles } = service.access;
  const found = new Map<string, readonly Operation[]>(roles.map(role => [role.name, role.operations]));
  for (const [scope, allowed] of [
    [modelsScope, ['models']],
    [chatScope, operations],
  ] as const)
    found.set(scope, [...new Set([...(found.get(scope) ?? []), ...allowed])]);
  return found;
}

/** @param here the operations of the route */
function authorization(service: Service, access: Access, here: readonly Operation[]): object {
  const client = access.clients ? [{ name: 'client_id', values: [...access.clients] }] : [];
  // what one rule names is asked for together, so each right in each claim is a rule of its own
  const rules = [...rights(service)].flatMap(([right, allowed]) => {
    const some = here.filter(operation => allowed.includes(operation));
    const places =
      some.length === here.length ? [{}] : some.map(operation => ({ operation: { path: exactly(operation) } }));
    const holders = [
      { scopes: [right], ...(client.length > 0 ? { claims: client } : {}) },
      ...service.access.claims.map(name => ({
        claims: [...client, { name, valueType: 'StringArray', values: [right] }],
      })),
    ];
    return places.flatMap(place => holders.map(held => ({ ...place, principal: { jwt: { provider, ...held } } })));
  });
  return {
    defaultAction: 'Deny',
    rules: rules.map((rule, index) => ({ name: `right-${index + 1}`, action: 'Allow', ...rule })),
  };
}

function exactly(operation: Operation): object {
  return { type: 'Exact', value: operationPaths[operation] };
}

/** @param allowed who of those with a valid token may pass; everyone when absent */
export function securityPolicy(service: Service, route: string, access: Access, allowed?: object): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'SecurityPolicy',
    metadata: { name: route, namespace: service.namespace, labels: serviceLabels(service.name) },
    spec: {
      targetRefs: [routeReference(route)],
      jwt: {
        providers: [
          {
            name: provider,
            issuer: access.issuer,
            ...(access.audience ? { audiences: [access.audience] } : {}),
            remoteJWKS: {
              uri: access.jwksUrl,
              cacheDuration: '300s',
              ...(access.jwksService ? { backendRefs: [access.jwksService] } : {}),
            },
            claimToHeaders: [{ claim: 'sub', header: userHeader }],
          },
        ],
      },
      ...(allowed ? { authorization: allowed } : {}),
      extAuth: {
        // without the WAF nothing passes, and an outage of it does not look like a verdict of it
        failOpen: false,
        statusOnError: 503,
        timeout: '2s',
        bodyToExtAuth: { maxRequestBytes: service.access.maxRequestBytes },
        grpc: { backendRefs: [access.waf] },
      },
    },
  };
}
