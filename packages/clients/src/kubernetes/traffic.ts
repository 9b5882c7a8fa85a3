import { revisionLabel, versionName } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import { readyReplicas } from './workload.ts';
import type { Condition, Deployment } from './workload.ts';

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

/** Whether a rule is the one of this name; where a gateway knows its routes by the names of rules alone, the name has the route before it. */
export function isRule({ name }: { readonly name?: string }, wanted: string): boolean {
  return name === wanted || name?.endsWith(`.${wanted}`) === true;
}

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

/**
 * The shares of versions whose users are divided by their pods that are ready: revision → percent. One that is alone has all users, whether or
 * not a pod of it is ready.
 * @param reached whether users reach a version
 */
export function podShares(
  found: readonly Deployment[],
  reached: (revision: string) => boolean,
): ReadonlyMap<string, number> {
  const pods = new Map(
    found.flatMap(deployment => {
      const revision = deployment.metadata.labels?.[revisionLabel];
      return revision === undefined ? [] : [[revision, reached(revision) ? readyReplicas(deployment) : undefined]];
    }) as readonly (readonly [string, number | undefined])[],
  );
  const serving = [...pods].flatMap(([revision, ready]) => (ready === undefined ? [] : [{ revision, ready }]));
  const all = serving.reduce((sum, { ready }) => sum + ready, 0);
  const share = (ready: number | undefined) => {
    if (ready === undefined) return 0;
    return serving.length === 1 ? 100 : all === 0 ? 0 : Math.round((100 * ready) / all);
  };
  return new Map([...pods].map(([revision, ready]) => [revision, share(ready)]));
}

/** The backends whose weights are the shares. */
export function servingBackends(route: HttpRoute | undefined): readonly BackendReference[] {
  return route?.spec?.rules?.find(rule => isRule(rule, servingRule))?.backendRefs ?? [];
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
