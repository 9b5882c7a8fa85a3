import { modelNames } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { routeNames } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { routeReference } from '../access.ts';
import type { ServicePlace } from '../access.ts';
import { listName, listProgram } from '../model-list.ts';
import type { Holder, ListedModel } from '../model-list.ts';
import { operationPaths } from '../operations.ts';
import { modelHeader } from '../routes.ts';
import type { Entrance } from '../target.ts';
import { errorResponses } from './errors.ts';
import { referenceGrant } from './grant.ts';
import { provider, securityPolicies, securityPolicy } from './security.ts';

interface Policy extends KubernetesObject {
  readonly spec?: {
    readonly authorization?: { readonly rules?: readonly { readonly principal?: { readonly jwt?: Holder } }[] };
  };
}

interface ChatRoute extends KubernetesObject {
  readonly spec?: {
    readonly rules?: readonly {
      readonly matches?: readonly { readonly headers?: readonly { readonly name: string; readonly value: string }[] }[];
    }[];
  };
}

/** The models of the neighbours, with those who may see them, as their routes and policies say. */
export async function readListed(
  cluster: Cluster,
  neighbours: readonly KubernetesObject[],
): Promise<readonly ListedModel[]> {
  const listed: ListedModel[] = [];
  for (const route of neighbours as readonly ChatRoute[]) {
    const name = route.metadata.labels?.['app.kubernetes.io/name'];
    if (!name || route.metadata.name !== routeNames(name).chat) continue;
    const headers = route.spec?.rules?.flatMap(rule => rule.matches ?? []).flatMap(match => match.headers ?? []);
    const models = new Set(headers?.filter(header => header.name === modelHeader).map(({ value }) => value));
    const policy = await cluster.get<Policy>({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'SecurityPolicy',
      metadata: { name: routeNames(name).models, namespace: route.metadata.namespace },
    });
    if (policy) for (const model of models) listed.push({ model, owner: name, holders: holdersOf(policy) });
  }
  return listed;
}

function holdersOf(policy: Policy): readonly Holder[] {
  return policy.spec?.authorization?.rules?.flatMap(rule => rule.principal?.jwt ?? []) ?? [];
}

/**
 * The list of models where services share a host, or one has adapters, which not every engine lists: those that the token may use. It belongs to none of them, so it lies beside
 * the Gateway; whichever is delivered writes it for all. The rule has a method, and so goes before the services' own lists.
 * @param others models of the neighbours; without any, the engine's list is enough for a service of one model
 */
export function sharedList(
  service: Service,
  entrance: Entrance,
  others: readonly ListedModel[],
): readonly KubernetesObject[] {
  const names = modelNames(service);
  if (others.length + names.length < 2) return [];
  const { gateway, access } = entrance;
  const own = securityPolicies(service, access).find(
    ({ metadata }) => metadata.name === routeNames(service.name).models,
  );
  const holders = own ? holdersOf(own) : [];
  const models = [...others, ...names.map(model => ({ model, owner: service.name, holders }))];
  const [, , , , route] = listReferences(service, gateway);
  const name = route?.metadata.name ?? '';
  const metadata = { name, namespace: gateway.namespace, labels: { 'app.kubernetes.io/managed-by': 'fairway' } };
  const targetRefs = [routeReference(name)];
  const envoy = 'gateway.envoyproxy.io/v1alpha1';
  const grants = [access.waf, access.jwksService]
    .filter(target => target !== undefined)
    .filter(target => target.namespace !== gateway.namespace)
    .map(target => referenceGrant(gateway.namespace, target));
  return [
    ...grants,
    { ...securityPolicy(service, name, access), metadata },
    {
      apiVersion: envoy,
      kind: 'BackendTrafficPolicy',
      metadata,
      spec: { targetRefs, responseOverride: [...errorResponses(service, access)] },
    },
    listPolicy(metadata, models),
    {
      apiVersion: envoy,
      kind: 'HTTPRouteFilter',
      metadata,
      // the list is written before this is reached
      spec: { directResponse: { statusCode: 500 } },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
        ...(service.access.hostname ? { hostnames: [service.access.hostname] } : {}),
        rules: [
          {
            name: 'list',
            matches: [{ path: { type: 'Exact', value: operationPaths.models }, method: 'GET' }],
            filters: [
              { type: 'ExtensionRef', extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name } },
            ],
          },
        ],
      },
    },
  ];
}

/** What writes the list, and all that changes in it when a service comes or goes. */
export function listPolicy(
  { name, namespace, labels }: KubernetesObject['metadata'],
  models: readonly ListedModel[],
): KubernetesObject {
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyExtensionPolicy',
    metadata: { name, namespace, labels },
    spec: { targetRefs: [routeReference(name)], lua: [{ type: 'Inline', inline: listProgram(models, provider) }] },
  };
}

/** The list's objects by kind and name, in the order in which they are applied. */
export function listReferences(
  service: Pick<ServicePlace, 'access'>,
  gateway: Entrance['gateway'],
): readonly KubernetesObject[] {
  const metadata = { name: listName(service, gateway), namespace: gateway.namespace };
  return [
    ...['SecurityPolicy', 'BackendTrafficPolicy', 'EnvoyExtensionPolicy', 'HTTPRouteFilter'].map(kind => ({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind,
      metadata,
    })),
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata },
  ];
}
