import { versionName } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import type { Condition } from './workload.ts';

/** How much of the traffic the versions get, in percent. The candidate is always named, with 0 too. */
export interface Weights {
  readonly candidate: { readonly revision: string; readonly weight: number };
  readonly stable?: { readonly revision: string; readonly weight: number };
}

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

/** The shares of the versions on a route: revision → weight. */
export function sharesOf(route: HttpRoute | undefined, service: string): ReadonlyMap<string, number> {
  const rule = route?.spec?.rules?.find(candidate => candidate.name === servingRule);
  const prefix = versionName(service, '');
  return new Map(
    (rule?.backendRefs ?? [])
      .filter(backend => backend.name.startsWith(prefix))
      .map(backend => [backend.name.slice(prefix.length), backend.weight ?? 1]),
  );
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
  const prefix = versionName(service, '');
  const rules = route.spec?.rules?.map(rule =>
    rule.name === servingRule
      ? {
          ...rule,
          backendRefs: rule.backendRefs
            ?.filter(backend => shares.has(backend.name.slice(prefix.length)))
            .map(backend => ({ ...backend, weight: shares.get(backend.name.slice(prefix.length)) })),
        }
      : rule,
  );
  // what is left out of an apply is removed
  const { name, namespace, labels, annotations } = route.metadata;
  return {
    apiVersion: route.apiVersion,
    kind: route.kind,
    metadata: { name, namespace, labels, annotations },
    spec: { ...route.spec, rules },
  };
}
