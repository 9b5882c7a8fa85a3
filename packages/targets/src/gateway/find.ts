import { ConfigurationError } from '@fairway/service/configuration-error';
import { listOf, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { ToolError } from '@fairway/clients/tool-error';
import type { GatewayReference } from './access.ts';
import { envoyGateway } from './envoy/target.ts';
import { istioGateway } from './istio/target.ts';
import { chatRoute } from './state.ts';
import type { GatewayTarget } from './target.ts';

/** The implementations of the Gateway API that Fairway knows; the first is the one of deliveries from before there were others. */
export const gatewayTargets: readonly GatewayTarget[] = [envoyGateway, istioGateway];

interface Gateway extends KubernetesObject {
  readonly spec?: { readonly gatewayClassName?: string };
}
interface GatewayClass extends KubernetesObject {
  readonly spec?: { readonly controllerName?: string };
}

/**
 * The implementation of a Gateway, by the controller of its class. A login that may not read classes is taken to have Envoy
 * Gateway, the only one for which it never needed to.
 * @throws ConfigurationError for one that Fairway does not know
 */
export async function readTarget(cluster: Cluster, { namespace, name }: GatewayReference): Promise<GatewayTarget> {
  const api = 'gateway.networking.k8s.io/v1';
  const gateway = await cluster.get<Gateway>({ apiVersion: api, kind: 'Gateway', metadata: { namespace, name } });
  const className = gateway?.spec?.gatewayClassName;
  if (className === undefined) return envoyGateway;
  let found: GatewayClass | undefined;
  try {
    found = await cluster.get<GatewayClass>({ apiVersion: api, kind: 'GatewayClass', metadata: { name: className } });
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return envoyGateway;
    throw error;
  }
  const controller = found?.spec?.controllerName;
  const target = gatewayTargets.find(one => one.controller === controller);
  if (target) return target;
  const known = gatewayTargets.map(one => `${one.name} (${one.controller})`);
  throw new ConfigurationError(
    reasonOf('input.gatewayKind', {
      ...{ gateway: `${namespace}/${name}`, kind: className, known: listOf('list.and', known) },
      controller: controller ? reasonOf('input.controller', { controller }) : reasonOf('input.noClass'),
    }),
  );
}

/** The implementation at which a service is, by its route; Envoy Gateway where nobody says or the login may not look. */
export async function targetOfService(
  cluster: Cluster,
  service: { readonly namespace: string; readonly name: string },
): Promise<GatewayTarget> {
  try {
    return targetOfRoute(await chatRoute(cluster, service));
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return envoyGateway;
    throw error;
  }
}

interface Parented {
  readonly parents?: readonly { readonly controllerName?: string }[];
}

/** The implementation that took a route; Envoy Gateway while none says that it did. */
export function targetOfRoute(route: HttpRoute | undefined): GatewayTarget {
  const parents = (route?.status as Parented | undefined)?.parents ?? [];
  const taken = gatewayTargets.find(one => parents.some(({ controllerName }) => controllerName === one.controller));
  return taken ?? envoyGateway;
}
