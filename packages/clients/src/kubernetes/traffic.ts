import { versionName } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import type { Condition } from './workload.ts';

/** How much of the traffic the versions get, in percent. The candidate is always named, with 0 too. */
export interface Weights {
  readonly candidate: { readonly revision: string; readonly weight: number };
  readonly stable?: { readonly revision: string; readonly weight: number };
  /** Where the versions stand in the rule as it is; default: nowhere yet. */
  readonly places?: Places;
}

/** The version at each place of the serving rule; undefined where one was that is gone. */
export type Places = readonly (string | undefined)[];

interface BackendReference {
  readonly name: string;
  readonly weight?: number;
  readonly [field: string]: unknown;
}

interface RouteRule {
  readonly name?: string;
  readonly backendRefs?: readonly BackendReference[];
  readonly [field: string]: unknown;
}

export interface HttpRoute extends KubernetesObject {
  readonly spec?: { readonly rules?: readonly RouteRule[]; readonly [field: string]: unknown };
  readonly status?: { readonly parents?: readonly RouteParent[] };
}

export interface RouteParent {
  readonly parentRef: { readonly name: string; readonly namespace?: string };
  readonly conditions?: readonly Condition[];
}

/** Name of the rule whose weights count; the other one only serves requests that name the candidate. */
export const servingRule = 'serving';

/** The shares of the versions on a route: revision → percent. */
export function sharesOf(route: HttpRoute | undefined, service: string): ReadonlyMap<string, number> {
  const backends = servingBackends(route);
  const all = backends.reduce((sum, { weight = 1 }) => sum + weight, 0) || 1;
  const prefix = versionName(service, '');
  const shares = new Map<string, number>();
  for (const { name, weight = 1 } of backends) {
    if (!name.startsWith(prefix)) continue;
    const revision = name.slice(prefix.length);
    shares.set(revision, (shares.get(revision) ?? 0) + Math.round((100 * weight) / all));
  }
  return shares;
}

export function placesOf(route: HttpRoute | undefined, service: string): Places {
  const prefix = versionName(service, '');
  return servingBackends(route).map(({ name, weight = 1 }) =>
    weight > 0 && name.startsWith(prefix) ? name.slice(prefix.length) : undefined,
  );
}

function servingBackends(route: HttpRoute | undefined): readonly BackendReference[] {
  return route?.spec?.rules?.find(({ name }) => name === servingRule)?.backendRefs ?? [];
}

/** Annotation of routes whose requests ask the model, with the name of the service. */
export const serviceAnnotation = 'gateway.envoyproxy.io/service';

/** Annotation of the version that has all users; absent while they are divided. Envoy Gateway hands annotations of this prefix to Envoy. */
const versionAnnotation = 'gateway.envoyproxy.io/version';

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
 * Weights with which a candidate enters: nobody's traffic but its own probes', unless nothing else serves.
 * After a release that broke off in the middle the version that was released last is the stable one, however little it
 * still gets; only where none ever was, the one with the largest share goes on.
 * @param present revisions that are still in the cluster
 * @param released the one that was released last
 */
export function enteringWeights(
  shares: ReadonlyMap<string, number>,
  candidate: string,
  present: ReadonlySet<string>,
  released?: string,
): Weights {
  const others = [...shares]
    .filter(([revision, weight]) => revision !== candidate && weight > 0 && present.has(revision))
    .sort(([, a], [, b]) => b - a);
  const stable = released !== undefined && released !== candidate && present.has(released) ? released : others[0]?.[0];
  if (stable === undefined) return { candidate: { revision: candidate, weight: 100 } };
  return { candidate: { revision: candidate, weight: 0 }, stable: { revision: stable, weight: 100 } };
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
  const rules = route.spec?.rules?.map(rule => (rule.name === servingRule ? { ...rule, backendRefs } : rule));
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
