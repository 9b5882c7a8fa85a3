import type { Service } from '@fairway/service';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { chatPaths, modelsPaths } from './routes.ts';
import type { GatewayReference } from './access.ts';

interface Route extends KubernetesObject {
  readonly spec?: {
    readonly parentRefs?: readonly { readonly name: string; readonly namespace?: string }[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly matches?: readonly { readonly path?: { readonly type?: string; readonly value?: string } }[];
    }[];
  };
}

/**
 * The route of somebody else that answers requests meant for this service: same gateway, same host, same path. Without a
 * host name a route answers for every host, and of two such routes the older one gets everything.
 * @param routes all HTTPRoutes of the cluster
 */
export function conflictingRoute(
  routes: readonly KubernetesObject[],
  service: Service,
  gateway: GatewayReference,
): string | undefined {
  const found = (routes as readonly Route[]).find(route => {
    const { namespace, labels } = route.metadata;
    const own = namespace === service.namespace && labels?.['app.kubernetes.io/name'] === service.name;
    const attached = route.spec?.parentRefs?.some(
      parent => parent.name === gateway.name && (parent.namespace ?? namespace) === gateway.namespace,
    );
    return !own && attached && sameHost(route.spec?.hostnames ?? [], service.access.hostname) && samePath(route);
  });
  return found && `${found.metadata.namespace}/${found.metadata.name}`;
}

function sameHost(hostnames: readonly string[], own: string | undefined): boolean {
  // a route with a host name is more specific than one for every host: each gets its own
  if (own === undefined) return hostnames.length === 0;
  return hostnames.includes(own);
}

function samePath(route: Route): boolean {
  const matches = route.spec?.rules?.flatMap(rule => rule.matches ?? [{}]) ?? [];
  // a prefix is less specific than the exact paths of a service and never takes their requests
  return matches.some(
    ({ path }) => path?.type === 'Exact' && [...chatPaths, ...modelsPaths].includes(path.value ?? ''),
  );
}
