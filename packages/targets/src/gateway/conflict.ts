import { modelNames } from '@fairway/service';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ifAllowed } from '@fairway/clients/if-allowed';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from './access.ts';
import { chatPaths, operationPaths } from './operations.ts';
import { isRule } from '@fairway/clients/kubernetes/traffic';
import { modelHeader, noModelRule, scopeAnnotation } from './routes.ts';

export interface AtGateway {
  /** Why a service cannot answer at its address, as a paragraph. */
  readonly conflict?: Reason;
  /** What its tokens open besides, as a paragraph. */
  readonly shared?: string;
}

/** What stands beside a service at its gateway; a login that may not list the routes of all namespaces cannot know. */
export async function readGateway(
  cluster: Cluster,
  service: Service,
  gateway: GatewayReference,
): Promise<AtGateway | 'may not look'> {
  const routes = await readRoutes(cluster);
  if (!routes) return 'may not look';
  return {
    conflict: conflictAt(routes, service, gateway),
    shared: sharedScope(routes, service, gateway),
  };
}

/** The services that the scope of this one opens too, where issuer and audience are the same. */
export function sharedScope(
  routes: readonly KubernetesObject[],
  service: Service,
  gateway: GatewayReference,
): string | undefined {
  const { chatScope } = service.access;
  const others = ofOthers(routes, service, gateway).flatMap(({ metadata: { namespace, labels, annotations } }) =>
    annotations?.[scopeAnnotation] === chatScope ? [`${namespace}/${labels?.['app.kubernetes.io/name']}`] : [],
  );
  if (others.length === 0) return undefined;
  return `Whoever has the scope ${chatScope} may also use ${others.sort().join(', ')} at this gateway, and clients of these may use ${service.name}, where issuer and audience are the same. Where they shall not, give access.chatScope a name of its own, such as ${service.name}:chat.`;
}

function conflictAt(
  routes: readonly KubernetesObject[],
  service: Service,
  gateway: GatewayReference,
): Reason | undefined {
  const near = neighbours(routes, service, gateway);
  const route = conflictingRoute(near, service);
  if (!route) return undefined;
  const taken = modelNames(service).find(name => conflictingRoute(near, service, [name]));
  const host = service.access.hostname;
  return reasonOf('gateway.taken', {
    route,
    model: taken ?? service.model.name,
    host: host ? reasonOf('gateway.atHost', { host }) : reasonOf('gateway.atEveryHost'),
    gateway: `${gateway.namespace}/${gateway.name}`,
    service: service.name,
  });
}

/** The routes of others at the same address, as far as the login may see them. */
export async function readNeighbours(
  cluster: Cluster,
  service: ServicePlace,
  gateway: GatewayReference,
): Promise<readonly KubernetesObject[]> {
  return neighbours((await readRoutes(cluster)) ?? [], service, gateway);
}

/** HTTPRoutes of all namespaces; undefined where the login may not see them. */
function readRoutes(cluster: Cluster): Promise<readonly KubernetesObject[] | undefined> {
  return ifAllowed(cluster.list('gateway.networking.k8s.io/v1', 'HTTPRoute'));
}

interface Match {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

interface Route extends KubernetesObject {
  readonly spec?: {
    readonly parentRefs?: readonly { readonly name: string; readonly namespace?: string }[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly { readonly name?: string; readonly matches?: readonly Match[] }[];
  };
}

/**
 * The routes of others that answer at the same address: same gateway, same host. Without a host name a route answers for
 * every host that no route names.
 * @param routes all HTTPRoutes of the cluster
 */
export function neighbours(
  routes: readonly KubernetesObject[],
  service: ServicePlace,
  gateway: GatewayReference,
): readonly KubernetesObject[] {
  return ofOthers(routes, service, gateway).filter(route =>
    sameHost(route.spec?.hostnames ?? [], service.access.hostname),
  );
}

/** The routes of others at the same gateway. */
function ofOthers(
  routes: readonly KubernetesObject[],
  service: ServicePlace,
  gateway: GatewayReference,
): readonly Route[] {
  return (routes as readonly Route[]).filter(route => {
    const { namespace, labels } = route.metadata;
    const own = namespace === service.namespace && labels?.['app.kubernetes.io/name'] === service.name;
    const attached = route.spec?.parentRefs?.some(
      parent => parent.name === gateway.name && (parent.namespace ?? namespace) === gateway.namespace,
    );
    return !own && attached;
  });
}

/**
 * The neighbour that answers requests meant for this service: for the same model, or for every model, as a route does that is
 * not Fairway's or that an earlier Fairway made. Of two such routes the older one gets everything.
 */
export function conflictingRoute(
  found: readonly KubernetesObject[],
  service: Service,
  names: readonly string[] = modelNames(service),
): string | undefined {
  const taken = (found as readonly Route[]).find(route => route.spec?.rules?.some(rule => takes(rule, route, names)));
  return taken && `${taken.metadata.namespace}/${taken.metadata.name}`;
}

function takes(
  rule: { readonly name?: string; readonly matches?: readonly Match[] },
  route: Route,
  names: readonly string[],
): boolean {
  // an entry answers for what nobody serves, and a list of models is shared
  const ours = route.metadata.labels?.['app.kubernetes.io/managed-by'] === 'fairway';
  if (ours && isRule(rule, noModelRule)) return false;
  return (rule.matches ?? []).some(({ path, headers }) => {
    // a prefix is less specific than the exact paths of a service and never takes their requests
    if (path?.type !== 'Exact' || path.value === undefined) return false;
    if (path.value === operationPaths.models) return !ours;
    if (!(chatPaths as readonly string[]).includes(path.value)) return false;
    const model = headers?.find(({ name }) => name === modelHeader)?.value;
    return model === undefined || names.includes(model);
  });
}

function sameHost(hostnames: readonly string[], own: string | undefined): boolean {
  // a route with a host name is more specific than one for every host: each gets its own
  if (own === undefined) return hostnames.length === 0;
  return hostnames.includes(own);
}
