import { setTimeout as sleep } from 'node:timers/promises';
import { answering, engineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels, serviceLabels, servingLabel } from '@fairway/clients/kubernetes/names';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { isReadyPod } from '@fairway/clients/kubernetes/workload';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { ifAllowed } from '@fairway/clients/if-allowed';
import { ToolError } from '@fairway/clients/tool-error';

interface Watch {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Of the pods of a ReplicaSet those with the lowest cost go first, after those that are not ready. */
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
/** Milliseconds until every proxy has stopped sending to a pod. */
const settled = 3000;
const interval = 1000;
/** Looks in a row at which a pod answers nothing: a request may be between the proxy and the engine. */
const calm = 2;

/**
 * Pods that a version is to give up get no new requests, and are waited for until their engine answers nothing any more, at
 * most as long as a stream may last: an engine such as llama.cpp cuts its streams when its pod ends. Where the engine does not
 * say how much it answers, nothing is done, and it has its pod's grace period to end.
 * @param count pods that stay
 */
export async function drainPods(
  cluster: Cluster,
  service: Service,
  revision: string,
  count: number,
  watch: Watch,
): Promise<void> {
  if (!engineProfile(service.engine.name).metrics.requestsRunning) return;
  const pods = await podsOf(cluster, service.namespace, revisionLabels(service.name, revision));
  // the order in which the cluster takes them
  const going = pods
    .sort((a, b) => Number(isReadyPod(a)) - Number(isReadyPod(b)) || Number(serves(a)) - Number(serves(b)))
    .slice(0, Math.max(0, pods.length - count))
    // pods of versions that an older Fairway deployed leave their Service only when they end
    .filter(pod => pod.metadata.labels?.[servingLabel] !== undefined);
  for (const pod of going) await setServing(cluster, pod, false);
  if (going.some(isReadyPod)) await sleep(settled, undefined, { signal: watch.signal });
  await Promise.all(going.filter(isReadyPod).map(pod => waitUntilIdle(cluster, pod, watch)));
}

/**
 * Waits for the streams of a service that nobody reaches any more. Pods that do not say how much they answer, or not to this login, are not
 * waited for.
 */
export async function endStreams(
  cluster: Cluster,
  { namespace, name }: Pick<Service, 'namespace' | 'name'>,
  watch: Watch,
): Promise<void> {
  const answered = (await requestsOf(cluster, namespace, serviceLabels(name), watch)) ?? [];
  const known = answered.filter(({ count }) => typeof count === 'number');
  await Promise.all(known.map(({ pod }) => waitUntilIdle(cluster, pod, watch)));
}

/** Whether the engines of a version say that they answer nothing; false for a login that may not ask them. */
export async function answersNothing(
  cluster: Cluster,
  { namespace, name }: Service,
  revision: string,
  watch: Watch,
): Promise<boolean> {
  const answered = await requestsOf(cluster, namespace, revisionLabels(name, revision), watch);
  return answered?.every(({ count }) => count === 0 || count === 'gone') ?? false;
}

/** What each ready pod says that it answers; undefined for a login that may not look at pods. */
function requestsOf(cluster: Cluster, namespace: string, labels: Readonly<Record<string, string>>, watch: Watch) {
  return ifAllowed(
    podsOf(cluster, namespace, labels).then(pods =>
      Promise.all(pods.filter(isReadyPod).map(async pod => ({ pod, count: await asked(cluster, pod, watch) }))),
    ),
  );
}

/** At most as long as the pod itself may take to end. */
async function waitUntilIdle(cluster: Cluster, pod: Pod, watch: Watch): Promise<void> {
  const { name } = pod.metadata;
  const end = Date.now() + (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
  for (let quiet = 0; quiet < calm && Date.now() < end;) {
    const count = await asked(cluster, pod, watch);
    if (count === 'gone') return;
    quiet = count === 0 ? quiet + 1 : 0;
    if (quiet < calm) {
      watch.progress(
        count === undefined
          ? `${name} does not say how many requests it answers; it has until ${new Date(end).toISOString()}`
          : `${name} answers ${count} requests`,
      );
      await sleep(interval, undefined, { signal: watch.signal });
    }
  }
}

async function asked(cluster: Cluster, pod: Pod, { signal }: Watch): Promise<number | 'gone' | undefined> {
  const { name, namespace, annotations = {} } = pod.metadata;
  const http = pod.spec?.containers?.flatMap(({ ports = [] }) => ports).find(port => port.name === 'http');
  // where Prometheus looks too: in a mesh the engine's own port is closed, and the injector writes here what gives its metrics
  const port = annotations['prometheus.io/port'] ?? http?.containerPort;
  const metrics = annotations['prometheus.io/path'] ?? '/metrics';
  try {
    return answering(await cluster.text('GET', `/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy${metrics}`));
  } catch (error) {
    if (!(error instanceof ToolError) || signal.aborted) throw error;
    return (await cluster.get(reference(pod))) ? undefined : 'gone';
  }
}

/** Pods that were to go and stay, because what took them broke off, get requests again. */
export async function serveAgain(cluster: Cluster, service: Service, revision: string): Promise<void> {
  for (const pod of await podsOf(cluster, service.namespace, revisionLabels(service.name, revision)))
    if (!serves(pod)) await setServing(cluster, pod, true);
}

/** What the login must be allowed for that. */
export function drainPermissions(namespace: string): readonly Permission[] {
  return [
    ...permissions(['get', 'list', 'patch'], '', ['pods'], namespace),
    ...permissions(['get'], '', ['pods/proxy'], namespace),
  ];
}

/** Pods that are not ending. */
async function podsOf(cluster: Cluster, namespace: string, labels: Readonly<Record<string, string>>): Promise<Pod[]> {
  const found = await cluster.list<Pod>('v1', 'Pod', namespace, labels);
  return found.filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
}

function serves({ metadata }: Pod): boolean {
  return metadata.labels?.[servingLabel] !== 'false';
}

function reference({ metadata: { name, namespace } }: Pod) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
}

async function setServing(cluster: Cluster, pod: Pod, serving: boolean): Promise<void> {
  try {
    await cluster.request('PATCH', await cluster.path(reference(pod)), {
      query: { fieldManager: 'fairway-pods' },
      body: {
        metadata: {
          labels: { [servingLabel]: String(serving) },
          annotations: { [deletionCost]: serving ? null : '-1' },
        },
      },
      contentType: 'application/merge-patch+json',
    });
  } catch (error) {
    // it ended by itself
    if (!(error instanceof ToolError) || error.status !== 404) throw error;
  }
}
