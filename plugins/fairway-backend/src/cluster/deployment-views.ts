import type { BrokenOff, DeploymentView, VersionView } from '@fairway/backstage-plugin-fairway-common';
import {
  diagnose,
  engineImage,
  isReady,
  podShares,
  readyReplicas,
  releaseLeaseName,
  revisionLabel,
  routeNames,
  sharesOf,
  sleepsAnnotation,
  usersLabel,
  wayBack,
} from '@fairway/clients/kubernetes/index';
import type { ClusterEvent, Deployment, HttpRoute } from '@fairway/clients/kubernetes/index';
import { english, reasonOf } from '@fairway/service/reasons/reason';
import type { OneService } from '../cluster-views.ts';
import type { Groups } from './groups.ts';
import { podView } from './pod-view.ts';
import type { ServicePod, StartedPod } from './service-pod.ts';
import type { WatchedLease } from './watched-lease.ts';
import type { WatchedPod } from './watched-pod.ts';

/** What the deployments of a cluster are read from. */
export interface ServiceState {
  readonly cluster: string;
  readonly deployments: readonly Deployment[];
  readonly routes: ReadonlyMap<string, HttpRoute>;
  /** By namespace/name of the lease. */
  readonly leases: ReadonlyMap<string, WatchedLease>;
  /** By `podGroup`. */
  readonly pods: Groups<WatchedPod>;
  /** By `eventGroup`. */
  readonly events: Groups<ClusterEvent>;
  /** The lease of the service's release, when its holder stopped. */
  stopped(namespace: string, service: string): WatchedLease | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function podGroup({ namespace, service }: WatchedPod): string | undefined {
  return service && versionKey(namespace, service);
}

export function eventGroup({ metadata, involvedObject }: ClusterEvent): string {
  return `${metadata.namespace}/${involvedObject?.name}`;
}

/** Namespace/name of the service of which a deployment is a version. */
export function serviceGroup({ metadata: { namespace = '', labels } }: Deployment): string | undefined {
  const service = labels?.['app.kubernetes.io/name'];
  return service && labels[revisionLabel] ? `${namespace}/${service}` : undefined;
}

/** The pods of one version. */
export function podsOf(pods: Groups<WatchedPod>, { metadata }: Deployment): readonly StartedPod[] {
  const { namespace = '', labels } = metadata;
  const service = labels?.['app.kubernetes.io/name'] ?? '';
  return pods
    .get(versionKey(namespace, { service, revision: labels?.[revisionLabel] ?? '' }))
    .flatMap(pod => (pod.service ? [pod.service.pod] : []));
}

function versionKey(namespace: string, { service, revision }: Pick<ServicePod, 'service' | 'revision'>): string {
  return `${namespace}/${service}/${revision}`;
}

/** Those of one service and namespace, as far as these are named. */
export function ofService(views: readonly DeploymentView[], only: OneService): readonly DeploymentView[] {
  if (only.namespace === undefined && only.service === undefined) return views;
  return views.filter(
    ({ namespace, service }) => (only.namespace ?? namespace) === namespace && (only.service ?? service) === service,
  );
}

export function deploymentViews(state: ServiceState): readonly DeploymentView[] {
  const views = new Map<string, { namespace: string; service: string; deployments: Deployment[] }>();
  for (const deployment of state.deployments) {
    const key = serviceGroup(deployment);
    if (key === undefined) continue;
    const { namespace = '', labels } = deployment.metadata;
    const service = labels?.['app.kubernetes.io/name'] ?? '';
    const view = views.get(key) ?? { namespace, service, deployments: [] };
    view.deployments.push(deployment);
    views.set(key, view);
  }
  return [...views]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, { namespace, service, deployments }]) => {
      const shares = sharesIn(state.routes.get(`${namespace}/${routeNames(service).chat}`), service, deployments);
      const versions = deployments.map(deployment => versionView(state, deployment, shares));
      versions.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.revision.localeCompare(b.revision));
      const { released, serving, to } = wayBack(deployments, shares);
      const stopped = state.stopped(namespace, service);
      return {
        cluster: state.cluster,
        namespace,
        service,
        versions,
        release: stopped ? undefined : state.leases.get(`${namespace}/${releaseLeaseName(service)}`)?.release,
        brokenOff: brokenOff(stopped, released[0], versions),
        goBack:
          to !== undefined && versions.some(({ revision, state: its }) => revision === to && its === 'ready')
            ? { from: serving.filter(revision => revision !== to), to }
            : undefined,
      };
    });
}

/** By pods where a release labels Deployments with users, which it does where no gateway weighs. */
function sharesIn(
  route: HttpRoute | undefined,
  service: string,
  deployments: readonly Deployment[],
): ReadonlyMap<string, number> {
  const reached = new Set(
    deployments
      .filter(({ metadata }) => metadata.labels?.[usersLabel] === 'true')
      .map(({ metadata }) => metadata.labels?.[revisionLabel]),
  );
  return reached.size > 0 ? podShares(deployments, revision => reached.has(revision)) : sharesOf(route, service);
}

/** Where nothing was released before, the only version has all users rightly. */
function brokenOff(
  lease: WatchedLease | undefined,
  released: string | undefined,
  versions: readonly VersionView[],
): BrokenOff | undefined {
  if (!lease || released === undefined) return undefined;
  const candidates = versions.flatMap(({ revision, weight = 0 }) =>
    weight > 0 && revision !== released ? [{ revision, weight }] : [],
  );
  const { holder, since, renewed } = lease;
  return candidates.length > 0 ? { holder, since, renewed, released, candidates } : undefined;
}

function versionView(state: ServiceState, deployment: Deployment, shares: ReadonlyMap<string, number>): VersionView {
  const { namespace = '', labels, creationTimestamp = '' } = deployment.metadata;
  const revision = labels?.[revisionLabel] ?? '';
  const pods = podsOf(state.pods, deployment).toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const eventsOf = (name: string) => state.events.get(`${namespace}/${name}`);
  const events = pods.flatMap(pod => eventsOf(pod.metadata.name));
  const ready = isReady(deployment);
  const sleeps = deployment.metadata.annotations?.[sleepsAnnotation] !== undefined && readyReplicas(deployment) === 0;
  const diagnosis = ready ? undefined : diagnose({ deployment, pods, events });
  const sleeping = sleeps && ready ? reasonOf('version.asleep') : undefined;
  const deadline = deployment.spec?.progressDeadlineSeconds;
  const views = pods.map(pod => podView(pod, eventsOf(pod.metadata.name), state.now, deadline));
  const failing = diagnosis?.final === true || views.some(pod => pod.state === 'failing');
  return {
    revision,
    image: engineImage(deployment) ?? '',
    replicas: deployment.spec?.replicas ?? 1,
    readyReplicas: readyReplicas(deployment),
    weight: percent(shares, revision),
    createdAt: creationTimestamp,
    state: ready ? 'ready' : failing ? 'failing' : 'starting',
    ...(sleeps && !failing ? { asleep: true } : {}),
    cause: sleeping ? english(sleeping) : diagnosis?.cause,
    coded: sleeping ?? diagnosis?.coded,
    pods: views,
  };
}

function percent(shares: ReadonlyMap<string, number>, revision: string): number | undefined {
  const weight = shares.get(revision);
  if (weight === undefined) return undefined;
  const sum = [...shares.values()].reduce((total, one) => total + one, 0);
  return sum === 0 ? 0 : (100 * weight) / sum;
}
