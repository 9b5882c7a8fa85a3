import { ConfigurationError, sleeps } from '@fairway/service';
import type { Service, ServiceFile } from '@fairway/service';
import { podsOfVersion, seriesInCluster } from '@fairway/indicators';
import { engineProfile, formerNamesOf } from '@fairway/engines';
import type { EngineProfile } from '@fairway/engines';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import { getWorkload, workloadKind } from '@fairway/clients/kubernetes/workload-kinds';
import { asked } from '../gateway/envoy/service-traffic.ts';
import { activatorName, statusPort } from './activator.ts';
import { desiredPods, setPods, waitUntilReady } from './pods.ts';
import type { Watch } from './pods.ts';

const apiVersion = 'keda.sh/v1alpha1';
const kind = 'ScaledObject';

/** KEDA adds pods and takes none while this is `true`. */
const pausedScaleIn = 'autoscaling.keda.sh/paused-scale-in';

/** Seconds for which fewer pods must have sufficed before one goes, and between two that go: a pod that goes ends its streams. */
const calm = 300;

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * What scales one version: KEDA, by the requests that wait in its engines and by how full these are. Each counts for itself, and the
 * larger number of pods holds.
 * @returns none for a service without `scaling`
 */
export function versionScaler(service: Service, revision: string): readonly KubernetesObject[] {
  const { scaling, namespace, name } = service;
  if (!scaling) return [];
  const target = workloadKind(service.workload.kind);
  const measured = measures(service, engineProfile(service.engine.name), revision);
  const triggers = sleeps(service) ? asleepOr(service, measured) : measured;
  return [
    {
      apiVersion,
      kind,
      metadata: { name: versionName(name, revision), namespace, labels: revisionLabels(name, revision) },
      spec: {
        scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: versionName(name, revision) },
        minReplicaCount: scaling.min,
        maxReplicaCount: scaling.max,
        // a first user waits for it too
        pollingInterval: sleeps(service) ? 5 : 15,
        ...(sleeps(service) ? { cooldownPeriod: scaling.idleSeconds, initialCooldownPeriod: scaling.idleSeconds } : {}),
        advanced: {
          horizontalPodAutoscalerConfig: {
            behavior: {
              scaleDown: {
                stabilizationWindowSeconds: calm,
                policies: [{ type: 'Pods', value: 1, periodSeconds: calm }],
              },
            },
          },
        },
        triggers: [
          ...triggers.map(({ query, threshold }) => ({
            type: 'prometheus',
            metricType: 'AverageValue',
            // what nobody measures is not zero: an engine that is not scraped may have users
            metadata: {
              serverAddress: scaling.prometheus,
              query,
              threshold: String(threshold),
              ignoreNullValues: 'false',
            },
          })),
          ...(sleeps(service) ? [waking(service, revision)] : []),
        ],
      },
    },
  ];
}

/** A number of all pods of a version, and what one pod may have of it. */
interface Measure {
  readonly query: string;
  readonly threshold: number;
}

/**
 * What is measured of a version that may have no pods. Without pods there are no metrics of the engine, which is no error while the gateway says that nobody
 * asks; whether somebody does keeps the last pod, since between two looks at an engine whole answers pass.
 */
function asleepOr(service: Service, measured: readonly Measure[]): readonly Measure[] {
  const use = asked(service, seriesInCluster(service));
  return [
    ...measured.map(({ query, threshold }) => ({
      query: `${query} or (vector(0) and (${use} == 0))`,
      threshold,
    })),
    { query: `clamp_max(${use}, 1)`, threshold: 1 },
  ];
}

/** The requests that wait for a first pod: the activator says it itself, so that nobody waits for two scrapes. A pod answers `serving.sequences` at once. */
function waking(service: Service, revision: string): object {
  return {
    type: 'metrics-api',
    metricType: 'AverageValue',
    metadata: {
      url: `http://${activatorName(service, revision)}.${service.namespace}:${statusPort}/waiting`,
      valueLocation: 'waiting',
      targetValue: String(service.serving.sequences),
    },
  };
}

/**
 * Whether an engine can be scaled by its metrics.
 * @throws ConfigurationError with the place where it cannot
 */
export function checkScaling({ service, place }: Pick<ServiceFile, 'service' | 'place'>): void {
  const profile = engineProfile(service.engine.name);
  if (!service.scaling || (profile.metricsPath && measures(service, profile, '').length === 2)) return;
  throw new ConfigurationError(
    `\`scaling\` goes by the metrics of the engine, and ${profile.name} does not tell how many requests wait and run. Remove it and set \`resources.replicas\`, or take an engine that does.`,
    place('scaling'),
  );
}

/** Sums over the pods of a version, and what one pod may have of each. */
function measures(service: Service, { name, metrics }: EngineProfile, revision: string): readonly Measure[] {
  const { scaling, serving } = service;
  if (!scaling) return [];
  const series = seriesInCluster(service);
  const { requestsWaiting, requestsRunning, kvCacheUsage } = metrics;
  // a version that has another name for it scales too
  const byAnyName = (metric: string) =>
    formerNamesOf(name, metric)
      .map(one => series.of(one, podsOfVersion(service, revision)))
      .join(' or ');
  const part = scaling.use / 100;
  const known = [
    { metric: requestsWaiting, threshold: scaling.waiting },
    kvCacheUsage
      ? { metric: kvCacheUsage, threshold: part }
      : { metric: requestsRunning, threshold: part * serving.sequences },
  ];
  return known.flatMap(({ metric, threshold }) => (metric ? [{ query: `sum(${byAnyName(metric)})`, threshold }] : []));
}

/** Gives a version without users the pods that it starts with, of which its scaler takes none. */
export async function startPods(cluster: Cluster, service: Service, revision: string): Promise<void> {
  const { namespace, name } = service;
  await holdPods(cluster, service, revision);
  const metadata = { namespace, name: versionName(name, revision) };
  const found = await getWorkload(cluster, metadata);
  if (desiredPods(found) < service.resources.replicas)
    await setPods(cluster, service, revision, service.resources.replicas);
}

/** Gives a version that has users and sleeps a pod, and waits for it: a release judges it beside the new one, and must be able to go back. */
export async function awaken(cluster: Cluster, service: Service, revision: string, watch: Watch): Promise<void> {
  // whether this version sleeps is said by the file that it was delivered with
  if (!service.scaling) return;
  const metadata = { namespace: service.namespace, name: versionName(service.name, revision) };
  if (desiredPods(await getWorkload(cluster, metadata)) > 0) return;
  watch.progress(`${revision} sleeps and is woken`);
  await setPods(cluster, service, revision, 1);
  await waitUntilReady(cluster, service, revision, watch);
}

/**
 * Keeps the scaler of a version from taking pods, while its users may come or come back: a version that lost them would be small
 * when they do. One that is not there is none.
 */
export function holdPods(cluster: Cluster, service: ServiceName, revision: string): Promise<void> {
  return setPaused(cluster, service, revision, 'true');
}

/** Lets the scaler of a version take pods again. */
export function letPodsGo(cluster: Cluster, service: ServiceName, revision: string): Promise<void> {
  return setPaused(cluster, service, revision, null);
}

/**
 * After all users went to one version: its scaler may take pods again, and those of the versions that lost them may not, so that
 * whoever goes forth again finds them with their pods. Nothing where there is no scaler.
 */
export async function followUsers(
  cluster: Cluster,
  service: ServiceName,
  revision: string,
  others: readonly string[],
): Promise<void> {
  await letPodsGo(cluster, service, revision);
  for (const one of others) await holdPods(cluster, service, one);
}

/** What the login must be allowed for that. */
export function scalerPermissions({ namespace, scaling }: Service): readonly Permission[] {
  return scaling ? permissions(['get', 'patch'], 'keda.sh', ['scaledobjects'], namespace) : [];
}

async function setPaused(
  cluster: Cluster,
  { namespace, name }: ServiceName,
  revision: string,
  value: 'true' | null,
): Promise<void> {
  const found = await cluster.get({ apiVersion, kind, metadata: { namespace, name: versionName(name, revision) } });
  if (!found) return;
  await cluster.request('PATCH', await cluster.path(found), {
    query: { fieldManager: 'fairway-scaling' },
    body: { metadata: { annotations: { [pausedScaleIn]: value } } },
    contentType: 'application/merge-patch+json',
  });
}
