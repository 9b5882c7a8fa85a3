import type { QueueSource } from '@fairway/backstage-plugin-fairway-common';
import type { KubernetesObject, ObjectWatch } from '@fairway/clients/kubernetes/index';
import { queueAdmission } from '@fairway/service';
import type { ClusterQueue, Cohort, LocalQueue, PodNeed, QueueAdmission, ResourceFlavor } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { saidError } from '../http/said-error.ts';

/** A LocalQueue, and how many workloads wait in it. */
export interface WatchedLocalQueue extends LocalQueue {
  readonly namespace: string;
  readonly waiting: number;
}

/** The kinds of Kueue that say what is admitted, as a watch has them. */
export const queueKinds = {
  local: { resource: 'localqueues', kind: 'LocalQueue', keep: keepLocalQueue },
  shared: { resource: 'clusterqueues', kind: 'ClusterQueue', keep: keepClusterQueue },
  cohorts: { resource: 'cohorts', kind: 'Cohort', keep: keepCohort },
  flavors: { resource: 'resourceflavors', kind: 'ResourceFlavor', keep: keepFlavor },
} as const;

type Watched<T> = Pick<ObjectWatch<T>, 'objects' | 'state'>;

export interface QueueWatches {
  readonly local: Watched<WatchedLocalQueue>;
  readonly shared: Watched<ClusterQueue>;
  readonly cohorts: Watched<Cohort>;
  readonly flavors: Watched<ResourceFlavor>;
}

/** The queues of a cluster as the question of fit asks them. */
export class WatchedQueues {
  readonly #cluster: string;
  readonly #watches: QueueWatches;

  constructor(cluster: string, watches: QueueWatches) {
    this.#cluster = cluster;
    this.#watches = watches;
  }

  get source(): QueueSource {
    const cluster = this.#cluster;
    const { local, ...others } = this.#watches;
    if (local.state.name === 'absent') return { cluster, state: 'absent' };
    const states = [local, ...Object.values(others)].map(({ state }) => state);
    const failing = states.find(state => state.name === 'failing');
    if (failing) return { cluster, state: 'hidden', ...saidError(failing.error) };
    return { cluster, state: states.some(({ name }) => name === 'connecting') ? 'connecting' : 'live' };
  }

  get all(): readonly WatchedLocalQueue[] {
    return [...this.#watches.local.objects.values()];
  }

  /** Whether a LocalQueue admits so many new pods; `namespace` and `name` as somebody chose them. */
  admission(
    { namespace, name }: { readonly namespace: string; readonly name: string },
    need: PodNeed,
    pods: number,
  ): QueueAdmission {
    const { state, message = '', coded } = this.source;
    const cluster = this.#cluster;
    if (state === 'absent') return { unseen: reasonOf('queue.noKueue', { cluster }) };
    if (state === 'connecting') return { unseen: reasonOf('queue.connecting', { cluster, name }) };
    if (state === 'hidden')
      return { unseen: reasonOf('queue.hidden', { cluster, name, words: (coded as Reason | undefined) ?? message }) };
    const { local, shared, cohorts, flavors } = this.#watches;
    const found = local.objects.get(`${namespace}/${name}`);
    if (!found) return { never: reasonOf('queue.absent', { namespace, name }) };
    return queueAdmission(
      {
        ...{ namespace, local: found },
        // the portal reads no namespaces
        labels: undefined,
        queues: [...shared.objects.values()],
        cohorts: [...cohorts.objects.values()],
        flavors: [...flavors.objects.values()],
      },
      need,
      { together: pods, more: pods, leaving: 0 },
    );
  }
}

/** The conditions that say whether a queue admits anything. */
function keptConditions(conditions: NonNullable<LocalQueue['status']>['conditions'] = []) {
  return conditions
    .filter(({ type }) => type === 'Active')
    .map(({ type, status, reason, message }) => ({ type, status, reason, message }));
}

function keepLocalQueue(object: KubernetesObject): WatchedLocalQueue {
  const { metadata, spec, status } = object as KubernetesObject &
    LocalQueue & { status?: { pendingWorkloads?: number } };
  return {
    metadata: { name: metadata.name },
    namespace: metadata.namespace ?? '',
    spec: { clusterQueue: spec.clusterQueue },
    status: { conditions: keptConditions(status?.conditions) },
    waiting: status?.pendingWorkloads ?? 0,
  };
}

function keepClusterQueue(object: KubernetesObject): ClusterQueue {
  const { metadata, spec, status } = object as KubernetesObject & ClusterQueue;
  const { resourceGroups, cohortName, cohort, namespaceSelector } = spec;
  const { conditions, flavorsReservation, pendingWorkloads } = status ?? {};
  return {
    metadata: { name: metadata.name },
    spec: { resourceGroups, cohortName, cohort, namespaceSelector },
    status: { conditions: keptConditions(conditions), flavorsReservation, pendingWorkloads },
  };
}

function keepCohort(object: KubernetesObject): Cohort {
  const { metadata, spec } = object as KubernetesObject & Cohort;
  const { parentName, resourceGroups } = spec ?? {};
  return { metadata: { name: metadata.name }, spec: { parentName, resourceGroups } };
}

function keepFlavor(object: KubernetesObject): ResourceFlavor {
  const { metadata, spec } = object as KubernetesObject & ResourceFlavor;
  const { nodeLabels, nodeTaints, tolerations } = spec ?? {};
  return { metadata: { name: metadata.name }, spec: { nodeLabels, nodeTaints, tolerations } };
}
