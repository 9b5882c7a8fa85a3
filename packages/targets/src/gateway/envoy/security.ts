import { operations } from '@fairway/service';
import type { Operation, Service } from '@fairway/service';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { routeReference, userHeader } from '../access.ts';
import type { Access } from '../access.ts';
import { operationPaths } from '../operations.ts';
import { rightsTo } from '../rights.ts';
import { firewallFacts } from '../routes.ts';

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
    securityPolicy(service, names.entry, access, { facts: firewallFacts(service) }),
    securityPolicy(service, names.chat, access, {
      allowed: authorization(service, access, asks),
      facts: firewallFacts(service, service.model.name),
    }),
    securityPolicy(service, names.models, access, {
      allowed: authorization(service, access, ['models']),
      facts: firewallFacts(service),
    }),
  ];
}

/** @param here the operations of the route */
function authorization(service: Service, access: Access, here: readonly Operation[]): object {
  const rules = rightsTo(service, access, here).map(({ operation, ...held }) => ({
    ...(operation ? { operation: { path: { type: 'Exact', value: operationPaths[operation] } } } : {}),
    principal: { jwt: { provider, ...held } },
  }));
  return {
    defaultAction: 'Deny',
    rules: rules.map((rule, index) => ({ name: `right-${index + 1}`, action: 'Allow', ...rule })),
  };
}

export interface RoutePolicy {
  /** Who of those with a valid token may pass; everyone when absent. */
  readonly allowed?: object;
  /** What the firewall hears about the route. */
  readonly facts?: Readonly<Record<string, string>>;
}

export function securityPolicy(
  service: Service,
  route: string,
  access: Access,
  { allowed, facts = {} }: RoutePolicy = {},
): KubernetesObject {
  const contextExtensions = Object.entries(facts).map(([name, value]) => ({ name, type: 'Value', value }));
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
        ...(contextExtensions.length > 0 ? { contextExtensions } : {}),
      },
    },
  };
}
