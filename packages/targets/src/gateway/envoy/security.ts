import type { Service } from '@fairway/service';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeReference, userHeader } from './access.ts';
import type { Access } from './access.ts';

const provider = 'issuer';

/**
 * Who may use each route: the WAF, a valid token of the issuer, one of its scopes. Everything else is denied. Who may ask the
 * model may list it too, so that one token is enough for a client that does both.
 */
export function securityPolicies(service: Service, access: Access): readonly KubernetesObject[] {
  const names = routeNames(service.name);
  const { chatScope, modelsScope } = service.access;
  return [
    securityPolicy(service, names.chat, [chatScope], access),
    securityPolicy(service, names.models, [modelsScope, chatScope], access),
  ];
}

function securityPolicy(service: Service, route: string, rights: readonly string[], access: Access): KubernetesObject {
  const { claims } = service.access;
  const client = access.clients ? [{ name: 'client_id', values: [...access.clients] }] : [];
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
      authorization: {
        defaultAction: 'Deny',
        // what one rule names is asked for together, so each right in each claim is a rule of its own
        rules: [...new Set(rights)]
          .flatMap(right => [
            { scopes: [right], ...(client.length > 0 ? { claims: client } : {}) },
            ...claims.map(name => ({ claims: [...client, { name, valueType: 'StringArray', values: [right] }] })),
          ])
          .map((held, index) => ({
            name: `right-${index + 1}`,
            action: 'Allow',
            principal: { jwt: { provider, ...held } },
          })),
      },
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
