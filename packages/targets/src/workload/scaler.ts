import { ConfigurationError, sleeps } from '@fairway/service';
import type { Service, ServiceFile } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { podsOfVersion, seriesInCluster } from '@fairway/indicators';
import { engineProfile } from '@fairway/engines';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import type { Condition } from '@fairway/clients/kubernetes/workload';
import { getWorkload, workloadKind } from '@fairway/clients/kubernetes/workload-kinds';
import { ToolError } from '@fairway/clients/tool-error';
import { asked } from '../gateway/envoy/service-traffic.ts';
import { activatorName, statusPort } from './activator.ts';
import { desiredPods, setPods, waitUntilReady } from './pods.ts';
import type { Watch } from './pods.ts';
import { metricOfPods, missingPodMetrics } from './pod-metrics.ts';
import { measuresOf } from './scale-measures.ts';

interface ScalerKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly group: string;
  readonly resource: string;
  /** What makes it add pods and take none, and what ends that, as merge patches. */
  readonly hold: object;
  readonly release: object;
  /** Its condition that says whether it has numbers to go by. */
  readonly works: string;
}

interface Scaler extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

type Scaling = NonNullable<Service['scaling']>;

/** KEDA adds pods and takes none while this is `true`. */
const pausedScaleIn = 'autoscaling.keda.sh/paused-scale-in';
const pause = (value: 'true' | null) => ({ metadata: { annotations: { [pausedScaleIn]: value } } });

/** A HorizontalPodAutoscaler has no such annotation; KEDA's pause comes to the same field of it. */
const policy = (selectPolicy: 'Disabled' | null) => ({ spec: { behavior: { scaleDown: { selectPolicy } } } });

const scalers: Readonly<Record<Scaling['by'], ScalerKind>> = {
  keda: {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', group: 'keda.sh', resource: 'scaledobjects' },
    hold: pause('true'),
    release: pause(null),
    works: 'Ready',
  },
  hpa: {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    ...{ group: 'autoscaling', resource: 'horizontalpodautoscalers' },
    hold: policy('Disabled'),
    release: policy(null),
    works: 'ScalingActive',
  },
};

/** Seconds for which fewer pods must have sufficed before one goes, and between two that go: a pod that goes ends its streams. */
const calm = 300;
const behavior = {
  scaleDown: { stabilizationWindowSeconds: calm, policies: [{ type: 'Pods', value: 1, periodSeconds: calm }] },
};

interface ServiceName extends Partial<Pick<Service, 'scaling'>> {
  readonly namespace: string;
  readonly name: string;
}

/**
 * What scales one version, by the requests that wait in its engines and by how full these are. Each counts for itself, and the
 * larger number of pods holds.
 * @returns none for a service without `scaling`
 */
export function versionScaler(service: Service, revision: string): readonly KubernetesObject[] {
  const { scaling, namespace, name } = service;
  if (!scaling) return [];
  const { apiVersion, kind } = scalers[scaling.by];
  const target = workloadKind(service.workload.kind);
  const scaleTargetRef = { apiVersion: target.apiVersion, kind: target.kind, name: versionName(name, revision) };
  const metadata = { name: versionName(name, revision), namespace, labels: revisionLabels(name, revision) };
  if (scaling.by === 'hpa') {
    const metrics = measuresOf(service).map(metricOfPods);
    const limits = { minReplicas: scaling.min, maxReplicas: scaling.max };
    return [{ apiVersion, kind, metadata, spec: { scaleTargetRef, ...limits, metrics, behavior } }];
  }
  const measured = queries(service, revision);
  const triggers = sleeps(service) ? asleepOr(service, measured) : measured;
  return [
    {
      apiVersion,
      kind,
      metadata,
      spec: {
        scaleTargetRef,
        minReplicaCount: scaling.min,
        maxReplicaCount: scaling.max,
        // a first user waits for it too
        pollingInterval: sleeps(service) ? 5 : 15,
        ...(sleeps(service) ? { cooldownPeriod: scaling.idleSeconds, initialCooldownPeriod: scaling.idleSeconds } : {}),
        advanced: { horizontalPodAutoscalerConfig: { behavior } },
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
interface Query {
  readonly query: string;
  readonly threshold: number;
}

/**
 * What is measured of a version that may have no pods. Without pods there are no metrics of the engine, which is no error while the gateway says that nobody
 * asks; whether somebody does keeps the last pod, since between two looks at an engine whole answers pass.
 */
function asleepOr(service: Service, measured: readonly Query[]): readonly Query[] {
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

/** Sums over the pods of a version, as KEDA asks Prometheus for them. */
function queries(service: Service, revision: string): readonly Query[] {
  const series = seriesInCluster(service);
  return measuresOf(service).map(({ names, threshold }) => ({
    query: `sum(${names.map(one => series.of(one, podsOfVersion(service, revision))).join(' or ')})`,
    threshold,
  }));
}

/**
 * Whether an engine can be scaled by its metrics.
 * @throws ConfigurationError with the place where it cannot
 */
export function checkScaling({ service, place }: Pick<ServiceFile, 'service' | 'place'>): void {
  const profile = engineProfile(service.engine.name);
  if (!service.scaling || (profile.metricsPath && measuresOf(service).length === 2)) return;
  throw new ConfigurationError(reasonOf('engine.notScaled', { engine: profile.name }), place('scaling'));
}

/** Why nothing in the cluster would scale a service, or might not, as a paragraph; neither for one without `scaling`. */
export async function missingScaler(
  cluster: Cluster,
  service: Service,
): Promise<{ readonly missing?: Reason; readonly unknown?: string }> {
  if (!service.scaling) return {};
  if (service.scaling.by === 'hpa') return missingPodMetrics(cluster, service);
  const { apiVersion, kind } = scalers.keda;
  if (await cluster.serves(apiVersion, kind)) return {};
  return { missing: reasonOf('missing.keda', { context: cluster.context, kind, version: apiVersion }) };
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
  return patchScaler(cluster, service, revision, 'hold');
}

/** Lets the scaler of a version take pods again. */
export function letPodsGo(cluster: Cluster, service: ServiceName, revision: string): Promise<void> {
  return patchScaler(cluster, service, revision, 'release');
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

/** Why the scaler of a version sets no number of pods, in its own words; undefined where it does, and where nobody has looked at it yet. */
export async function idleScaler(cluster: Cluster, service: Service, revision: string): Promise<Reason | undefined> {
  if (!service.scaling) return undefined;
  const { apiVersion, kind, works } = scalers[service.scaling.by];
  const version = versionName(service.name, revision);
  const metadata = { namespace: service.namespace, name: version };
  const found = await cluster.get<Scaler>({ apiVersion, kind, metadata });
  const condition = found?.status?.conditions?.find(({ type }) => type === works);
  // of a version without pods there is nothing to say
  if (condition?.status !== 'False' || condition.reason === 'ScalingDisabled') return undefined;
  const words = (condition.message ?? condition.reason ?? works).replace(/\.$/, '');
  return reasonOf('scaler.idle', { version, kind, words });
}

/** What the login must be allowed for that, and to make scalers. */
export function scalerPermissions(
  { namespace, scaling }: Service,
  verbs: readonly Permission['verb'][] = ['get', 'patch'],
): readonly Permission[] {
  if (!scaling) return [];
  const { group, resource } = scalers[scaling.by];
  return permissions(verbs, group, [resource], namespace);
}

/** The same as a rule for an account that may do it to the scalers of these versions alone. */
export function scalerRule(scaling: Scaling, versions: readonly string[]): object {
  const { group, resource } = scalers[scaling.by];
  return { apiGroups: [group], resources: [resource], resourceNames: versions, verbs: ['get', 'patch'] };
}

async function patchScaler(
  cluster: Cluster,
  { namespace, name, scaling }: ServiceName,
  revision: string,
  what: 'hold' | 'release',
): Promise<void> {
  // a version has the scaler of the file that it was delivered with
  for (const [by, one] of Object.entries(scalers)) {
    const { apiVersion, kind } = one;
    const metadata = { namespace, name: versionName(name, revision) };
    const found = await cluster.get({ apiVersion, kind, metadata }).catch((error: unknown) => {
      // whoever may not look at the other kind has made none
      if (by === (scaling?.by ?? 'keda') || !(error instanceof ToolError && error.status === 403)) throw error;
    });
    if (!found) continue;
    return void (await cluster.request('PATCH', await cluster.path(found), {
      query: { fieldManager: 'fairway-scaling' },
      body: one[what],
      contentType: 'application/merge-patch+json',
    }));
  }
}
