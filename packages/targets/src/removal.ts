import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { removeObjects } from '@fairway/clients/kubernetes/cluster';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { releaseLeaseName, serviceLabels } from '@fairway/clients/kubernetes/names';
import { describe } from '@fairway/clients/kubernetes/objects';
import type { KubernetesObject, ObjectReference } from '@fairway/clients/kubernetes/objects';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { isPartOfWorkload, workloadKinds } from '@fairway/clients/kubernetes/workload-kinds';
import type { GatewayReference, LeavingService } from './gateway/access.ts';
import type { Departure } from './gateway/departure.ts';
import { readTarget } from './gateway/find.ts';
import { asideHost } from './gateway/leave-list.ts';
import { chatRoute } from './gateway/state.ts';
import { endStreams } from './workload/drain.ts';
import { readFront } from './workload/pod-traffic.ts';

/** Milliseconds. A gateway that takes longer is not waited for: the service is to go. */
const acceptDeadline = 10_000;
/** Milliseconds until proxies have what their controller has taken. */
const settleTime = 2000;

/**
 * What a service has in its namespace beside what is at the gateway, all with its labels, in the order in which it goes: first what would put
 * something back, then the versions, then what they use. Kinds that the cluster does not serve are none.
 */
const kinds: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['batch/v1', 'Job'],
  ['keda.sh/v1alpha1', 'ScaledObject'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['monitoring.coreos.com/v1', 'PrometheusRule'],
  ['monitoring.coreos.com/v1', 'ServiceMonitor'],
  ['monitoring.coreos.com/v1', 'PodMonitor'],
  ...workloadKinds.map(({ apiVersion, kind }) => [apiVersion, kind] as const),
  ['v1', 'Service'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['gateway.networking.k8s.io/v1', 'BackendTLSPolicy'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['networking.istio.io/v1', 'Sidecar'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'ServiceAccount'],
];

/**
 * What goes and what changes with a service: its way at the gateway first, so that no request finds a version that ends. Its namespace stays, which
 * may hold what others made.
 * @param last Gateway at which it was, for a service whose route is gone already
 * @throws ToolError where the login may not look: what it cannot see it would leave behind
 */
export async function readRemoval(
  cluster: Cluster,
  service: LeavingService,
  last: GatewayReference | undefined,
): Promise<Departure> {
  const atGateway = await readDeparture(cluster, service, last);
  const front = await readFront(cluster, service);
  const own: KubernetesObject[] = [];
  for (const [apiVersion, kind] of kinds)
    if (await cluster.serves(apiVersion, kind)) {
      const found = await cluster.list(apiVersion, kind, service.namespace, serviceLabels(service.name));
      // these go with the workload, whose controller would make them again
      own.push(...found.filter(one => !isPartOfWorkload(one)));
    }
  return { removed: [...atGateway.removed, ...(front ? [front] : []), ...own], changed: atGateway.changed };
}

async function readDeparture(
  cluster: Cluster,
  service: LeavingService,
  last: GatewayReference | undefined,
): Promise<Departure> {
  const route = await chatRoute(cluster, service);
  const [parent] = (route?.spec?.['parentRefs'] ?? []) as readonly Parent[];
  const gateway = parent ? { name: parent.name, namespace: parent.namespace ?? service.namespace } : last;
  if (!gateway) return { removed: [], changed: [] };
  return (await readTarget(cluster, gateway)).readDeparture(cluster, gateway, service);
}

interface Parent {
  readonly name: string;
  readonly namespace?: string;
}

/** The lease of who moves the traffic, which is still held while the rest goes. */
export function trafficLease({ namespace, name }: LeavingService): ObjectReference {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name: releaseLeaseName(name) } };
}

/**
 * Removes what `readRemoval` reads: users lose their way first, then the streams that they have end, and then the pods.
 * @returns what was removed, as `kind namespace/name`
 */
export async function remove(
  cluster: Cluster,
  service: LeavingService,
  last: GatewayReference | undefined,
  watch: { readonly signal: AbortSignal; readonly progress: (message: string) => void },
): Promise<readonly string[]> {
  const { removed, changed } = await readRemoval(cluster, service, last);
  await stepAside(cluster, removed.filter(({ kind }) => kind === 'HTTPRoute') as readonly HttpRoute[], watch.signal);
  const first = removed.findIndex(({ kind }) => workloadKinds.some(one => one.kind === kind));
  await removeObjects(cluster, removed.slice(0, Math.max(first, 0)));
  if (first >= 0) await endStreams(cluster, service, watch);
  await removeObjects(cluster, removed.slice(Math.max(first, 0)));
  await applyObjects(cluster, changed);
  // some went with what owned them
  return removed.map(describe);
}

/**
 * Takes routes out of the way of requests before they go. A request enters by the oldest service of its host until its model is known, and a gateway
 * drops what a route uses before it drops the route: without this, requests for neighbours were answered 503 in between.
 */
async function stepAside(cluster: Cluster, routes: readonly HttpRoute[], signal: AbortSignal): Promise<void> {
  if (routes.length === 0) return;
  for (const route of routes)
    await cluster.request('PATCH', await cluster.path(route), {
      query: { fieldManager: 'fairway' },
      body: { spec: { hostnames: [asideHost(route)] } },
      contentType: 'application/merge-patch+json',
    });
  await waitUntilAccepted(cluster, routes, acceptDeadline, signal);
  await sleep(settleTime, undefined, { signal });
}
