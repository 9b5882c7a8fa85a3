import { versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { isRule, servingBackends, servingRule } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute, Weights } from '@fairway/clients/kubernetes/traffic';

/** The version at each place of the serving rule; undefined where one was that is gone. */
export type Places = readonly (string | undefined)[];

export interface PlacedWeights extends Weights {
  /** Where the versions stand in the rule as it is; default: nowhere yet. */
  readonly places?: Places;
}

export function placesOf(route: HttpRoute | undefined, service: string): Places {
  const prefix = versionName(service, '');
  return servingBackends(route).map(({ name, weight = 1 }) =>
    weight > 0 && name.startsWith(prefix) ? name.slice(prefix.length) : undefined,
  );
}

/** Of annotations of routes that are for the access log and the response cache: Envoy Gateway hands these on to Envoy. */
export const annotationPrefix = 'gateway.envoyproxy.io/';

/** Annotation of routes whose requests ask the model, with the name of the service. */
const serviceAnnotation = `${annotationPrefix}service`;

/** Annotation of the version that has all users; absent while they are divided. */
const versionAnnotation = `${annotationPrefix}version`;

/** What such a route says of these shares. */
export function versionAnnotations(shares: ReadonlyMap<string, number>): Readonly<Record<string, string>> {
  const whole = [...shares].find(([, share]) => share === 100)?.[0];
  return whole === undefined ? {} : { [versionAnnotation]: whole };
}

/** Most backends that a rule may have (Gateway API, `HTTPRouteRule.backendRefs`). */
const mostPlaces = 16;

/** Parts of the traffic that a weight counts. */
const partsPerPercent = 10_000;

/**
 * The backends of the serving rule for these shares. A version keeps its place for as long as it is in the rule, and a place that was left is taken
 * again last; the version with the largest share stands there meanwhile, with weight 0. A version without a share gets one request of a million.
 *
 * The reason is Envoy Gateway, which names a cluster by the place of its backend and drops those of weight 0: a version that moves to another
 * place, or gets its first share, is a new cluster, to which requests are lost until Envoy knows its endpoints.
 */
export function placed<Backend extends object>(
  places: Places,
  shares: ReadonlyMap<string, number>,
  backendOf: (revision: string) => Backend,
): readonly (Backend & { readonly weight: number })[] {
  const [largest] = [...shares].sort(([, a], [, b]) => b - a).map(([revision]) => revision);
  if (largest === undefined) return [];
  const taken = places.map(revision => (revision !== undefined && shares.has(revision) ? revision : undefined));
  for (const revision of shares.keys()) {
    if (taken.includes(revision)) continue;
    taken[taken.length < mostPlaces ? taken.length : taken.indexOf(undefined)] = revision;
  }
  return taken.map(revision => ({
    ...backendOf(revision ?? largest),
    weight: revision === undefined ? 0 : Math.max(1, (shares.get(revision) ?? 0) * partsPerPercent),
  }));
}

/**
 * The route with other shares, as it is applied: backends keep everything but their weights, those that are not named in
 * `shares` leave the route.
 */
export function withShares(route: HttpRoute, service: string, shares: ReadonlyMap<string, number>): KubernetesObject {
  const backends = servingBackends(route);
  const known = new Map(
    [...shares].filter(([revision]) => backends.some(({ name }) => name === versionName(service, revision))),
  );
  const backendRefs = placed(placesOf(route, service), known, revision =>
    backends.find(({ name }) => name === versionName(service, revision))!,
  );
  const rules = route.spec?.rules?.map(rule => (isRule(rule, servingRule) ? { ...rule, backendRefs } : rule));
  // what is left out of an apply is removed
  const { name, namespace, labels } = route.metadata;
  const others = Object.entries(route.metadata.annotations ?? {}).filter(([key]) => key !== versionAnnotation);
  const ofModel = others.some(([key]) => key === serviceAnnotation);
  const annotations = { ...Object.fromEntries(others), ...(ofModel ? versionAnnotations(shares) : {}) };
  return {
    apiVersion: route.apiVersion,
    kind: route.kind,
    metadata: { name, namespace, labels, annotations },
    spec: { ...route.spec, rules },
  };
}

/**
 * A JSON patch of a route that somebody else applies: the weights of the serving rule, and the version that has all users. A
 * version without a share keeps its backend, with the weight 0 when it is not named.
 */
export function weightPatch(route: HttpRoute, service: string, shares: ReadonlyMap<string, number>): readonly object[] {
  const rule = route.spec?.rules?.findIndex(one => isRule(one, servingRule)) ?? -1;
  const path = (index: number) => `/spec/rules/${rule}/backendRefs/${index}`;
  const backends = servingBackends(route);
  const weights = backends.map(() => 0);
  for (const [revision, share] of shares) {
    // at the place where it has users: another one is a cluster that Envoy does not know yet
    const places = backends.map(({ name, weight = 1 }) => (name === versionName(service, revision) ? weight : -1));
    const place = places.indexOf(Math.max(...places));
    if ((places[place] ?? -1) >= 0) weights[place] = Math.max(1, share * partsPerPercent);
  }
  const annotations = route.metadata.annotations ?? {};
  const { [versionAnnotation]: whole } = versionAnnotations(shares);
  const annotation = `/metadata/annotations/${versionAnnotation.replaceAll('/', '~1')}`;
  const tell =
    annotations[serviceAnnotation] === undefined || whole === annotations[versionAnnotation]
      ? []
      : [whole === undefined ? { op: 'remove', path: annotation } : { op: 'add', path: annotation, value: whole }];
  return [
    // a rule that was written anew meanwhile has other versions at these places
    ...backends.map(({ name: value }, index) => ({ op: 'test', path: `${path(index)}/name`, value })),
    ...weights.map((value, index) => ({ op: 'add', path: `${path(index)}/weight`, value })),
    ...tell,
  ];
}
