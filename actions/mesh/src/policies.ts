import type { Service } from '@fairway/service';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { errorResponses } from './errors.ts';

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface Access {
  readonly issuer: string;
  /** The `aud` of the tokens; absent for issuers whose access tokens name none. */
  readonly audience?: string;
  /** OAuth clients (the claim `client_id`) whose tokens are accepted, where tokens name no audience. */
  readonly clients?: readonly string[];
  readonly jwksUrl: string;
  /** Where the keys are fetched inside the cluster; from the URL itself when absent. */
  readonly jwksService?: ServiceReference;
  readonly waf: ServiceReference;
}

const provider = 'issuer';
/** Set from the verified token, so that a client cannot choose whose limit it uses up. */
const userHeader = 'x-user';

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

/** Lets the policies of the service's namespace name a Service of another one. */
export function referenceGrant(service: Service, target: ServiceReference): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: {
      name: `fairway-${service.namespace}-${target.name}`,
      namespace: target.namespace,
      labels: serviceLabels(service.name),
    },
    spec: {
      from: [{ group: 'gateway.envoyproxy.io', kind: 'SecurityPolicy', namespace: service.namespace }],
      to: [{ group: '', kind: 'Service', name: target.name }],
    },
  };
}

function routeReference(name: string): Record<string, string> {
  return { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name };
}
