import { modelNames, operations } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Access, GatewayReference } from '../access.ts';
import type { ListedModel } from '../model-list.ts';
import { operationPaths } from '../operations.ts';
import { rightsTo } from '../rights.ts';
import type { Right } from '../rights.ts';
import { besideGateway, gatewayReference, placesOfService } from './names.ts';

/** Set by the gateway to the name of the route that it found; see parts/istio-gateway of the platform. */
const placeHeader = 'x-fairway-place';

/** Annotation of a service's policy: what its neighbours at the same host must know of it. */
export const neighbourAnnotation = 'fairway.dev/neighbour';

export interface Neighbour {
  readonly listed: ListedModel;
  /** Names of its adapters, which the same may see. */
  readonly adapters?: readonly string[];
  readonly maxRequestBytes: number;
}

/**
 * Who may use each route of a service: a valid token and a right. At the entry the token is enough, since what a request wants is
 * not known yet; nothing is behind it but the answer that there is no such model. Istio has one policy for a gateway, so each rule
 * names the route that it is for.
 */
export function authorizationPolicy(service: Service, access: Access, gateway: GatewayReference): KubernetesObject {
  const places = placesOfService(service);
  const asks = rightsTo(
    service,
    access,
    operations.filter(operation => operation !== 'models'),
  );
  const lists = rightsTo(service, access, ['models']);
  const [listed] = listedModels(service, access);
  const adapters = modelNames(service).slice(1);
  const neighbour: Neighbour = {
    listed,
    ...(adapters.length > 0 ? { adapters } : {}),
    maxRequestBytes: service.access.maxRequestBytes,
  };
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      ...besideGateway(service, gateway),
      annotations: { [neighbourAnnotation]: JSON.stringify(neighbour) },
    },
    spec: {
      targetRefs: [gatewayReference(gateway)],
      action: 'ALLOW',
      rules: [
        entryRule(places.entry, access),
        ...rightRules(places.chat, access, asks),
        ...rightRules(places.models, access, lists),
      ],
    },
  };
}

/** The models of a service in the list of a host, its own before its adapters, and who may see them. */
export function listedModels(service: Service, access: Access): readonly [ListedModel, ...ListedModel[]] {
  const holders = rightsTo(service, access, ['models']);
  const [own, ...adapters] = modelNames(service);
  const listed = (model: string): ListedModel => ({ model, owner: service.name, holders });
  return [listed(own), ...adapters.map(listed)];
}

/** Whoever has a good token may come to the route. */
export function entryRule(place: string, access: Access): object {
  return rule(place, access, []);
}

/** One rule for all that a token with the same may do: a policy has 512 rules at most (its definition), and each role may allow four operations. */
function rightRules(place: string, access: Access, rights: readonly Right[]): readonly object[] {
  const ofHolders = Map.groupBy(rights, ({ scopes, claims }) => JSON.stringify([scopes, claims]));
  return [...ofHolders.values()].flatMap(same => {
    const paths = same.flatMap(({ operation }) => (operation ? [operationPaths[operation]] : []));
    return holderRules(place, access, same[0]!, paths);
  });
}

/** @param paths of the operations that are allowed; all of the route where there are none */
function holderRules(
  place: string,
  access: Access,
  { scopes = [], claims = [] }: Right,
  paths: readonly string[],
): readonly object[] {
  // Istio takes a list where it takes a text
  if (claims.some(({ valueType }) => valueType !== undefined)) return [];
  const held = claims.map(({ name, values }) => ({ key: claimKey(name), values: [...values] }));
  const to = paths.length > 0 ? [{ operation: { paths } }] : undefined;
  if (scopes.length === 0) return [rule(place, access, held, to)];
  // issuers write scopes into one or the other
  return ['scope', 'scp'].map(name => {
    const all = scopes.map(scope => ({ key: claimKey(name), values: [scope] }));
    return rule(place, access, [...all, ...held], to);
  });
}

function rule(place: string, { issuer, audience }: Access, held: readonly object[], to?: readonly object[]): object {
  return {
    ...(to ? { to } : {}),
    when: [
      { key: `request.headers[${placeHeader}]`, values: [`${place}*`] },
      // Claims are those of a verified token; a gateway may take tokens of several issuers, for several services. Not `requestPrincipals`: Istio
      // makes a principal of issuer and subject, and a token of a client may have no subject.
      { key: claimKey('iss'), values: [issuer] },
      ...(audience ? [{ key: 'request.auth.audiences', values: [audience] }] : []),
      ...held,
    ],
  };
}

function claimKey(path: string): string {
  return `request.auth.claims${path
    .split('.')
    .map(name => `[${name}]`)
    .join('')}`;
}
