import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from '@fairway/clients/kubernetes/index';
import { queueLabel } from '@fairway/clients/kubernetes/kueue';
import type { ClusterStatus, DeploymentView, FleetPool, QueueView } from '@fairway/backstage-plugin-fairway-common';
import type { AskedPool, BrokenOffRelease, GpuQuota, OneService, PresentServices } from '../cluster-views.ts';
import { type Said, saidError } from '../http/said-error.ts';
import type { ClusterConnection } from './connections.ts';
import { ClusterWatches } from './cluster-watches.ts';
import { clusterStatus } from './cluster-status.ts';
import { ofService } from './deployment-views.ts';
import { fleetPools } from './fleet.ts';
import { KeptViews } from './kept-views.ts';
import type { Holders } from './fleet.ts';
import { countPools } from './gpu-pools.ts';
import type { CountedPool } from './gpu-pools.ts';
import type { LimitRangeItem, NodeRoom } from '@fairway/service';
import { nodeRoom } from './node-room.ts';
import { isStopped } from './watched-lease.ts';
import type { WatchedLease } from './watched-lease.ts';
import { WatchedQueues } from './watched-queues.ts';
import { gpuQuotas } from './watched-quota.ts';
import type { WatchedQuota } from './watched-quota.ts';

export interface WatchedClusterOptions {
  readonly signal: AbortSignal;
  /** Called when an answer of this cluster changed. */
  changed(): void;
  /** Called with every new state. */
  stateChanged(status: ClusterStatus): void;
}

/** Milliseconds between two looks at leases: that nobody renews one is no event. */
const leaseInterval = 5000;

/** One cluster in memory. A cluster that cannot be opened is named with its reason. */
export class WatchedCluster {
  readonly name: string;
  readonly #watches: ClusterWatches | undefined;
  readonly #problem: Said | undefined;
  readonly #actions: boolean;
  readonly #since = Date.now();
  readonly #views: KeptViews | undefined;
  /** Undefined for a cluster that cannot be opened. */
  readonly queues: WatchedQueues | undefined;
  #pools: readonly CountedPool[] | undefined;
  #fleet: KeptFleet | undefined;

  constructor(connection: ClusterConnection, { signal, changed, stateChanged }: WatchedClusterOptions) {
    this.name = connection.name;
    this.#actions = connection.actions;
    try {
      const gpusChanged = () => {
        this.#pools = undefined;
        this.#fleet = undefined;
        changed();
      };
      this.#watches = new ClusterWatches(connection.open(signal), {
        gpusChanged,
        serviceTouched: service => this.#views?.touch(service),
        servicesChanged: changed,
        stateChanged: () => {
          stateChanged(this.status);
          changed();
        },
      });
      const watches = this.#watches;
      const { deploymentsOfService: deployments, podsOfVersion: pods, eventsOfPod: events } = watches;
      const [routes, leases] = [watches.routes.objects, watches.leases.objects];
      this.#views = new KeptViews({ cluster: this.name, deployments, routes, leases, pods, events });
      this.queues = new WatchedQueues(this.name, watches.queues);
      this.#watches.run(signal);
      let before = this.#stoppedLeases();
      const timer = setInterval(() => {
        const now = this.#stoppedLeases();
        if (!isDeepStrictEqual(before, now)) changed();
        before = now;
      }, leaseInterval);
      signal.addEventListener('abort', () => clearInterval(timer));
    } catch (error) {
      this.#problem = saidError(error as Error);
      stateChanged(this.status);
    }
  }

  get status(): ClusterStatus {
    if (!this.#watches) return { name: this.name, state: 'unreachable', ...this.#problem };
    return { ...clusterStatus(this.name, this.#watches.all, this.#since), uid: this.uid, actions: this.#actions };
  }

  /** As records name the cluster. */
  get uid(): string | undefined {
    return this.#watches?.system.objects.values().next().value;
  }

  /** Counted again only after something changed. */
  get pools(): readonly CountedPool[] {
    if (!this.#watches) return [];
    const { nodes, slices, claims, use } = this.#watches;
    this.#pools ??= countPools({
      cluster: this.name,
      nodes: nodes.objects,
      slices: slices.objects,
      claims: claims.objects,
      use,
    });
    return this.#pools;
  }

  /** The nodes with GPUs, and who holds them; for the same holders and idleness counted again only after something changed. */
  fleet(asked: AskedPool, holders: Holders, idle: ReadonlyMap<string, boolean>): readonly FleetPool[] {
    if (!this.#watches) return [];
    const kept = this.#fleet;
    if (asked.class === undefined && kept?.holders === holders && kept.idle === idle) return kept.pools;
    const { nodes, slices, claims, pods } = this.#watches;
    const state = { nodes: nodes.objects, slices: slices.objects, claims: claims.objects, pods: pods.objects.values() };
    const pools = fleetPools({ cluster: this.name, pools: this.pools, idle, ...state }, asked, holders);
    if (asked.class === undefined) this.#fleet = { holders, idle, pools };
    return pools;
  }

  /** Services of which there is a version or a route. */
  get present(): PresentServices['services'] {
    if (!this.#watches) return [];
    const { deployments, routes } = this.#watches;
    const found = new Map<string, PresentServices['services'][number]>();
    for (const { metadata } of [...workloads(deployments), ...routes.objects.values()]) {
      const { namespace = '', labels } = metadata;
      const service = labels?.['app.kubernetes.io/name'];
      if (service) found.set(`${namespace}/${service}`, { namespace, service });
    }
    return [...found.values()];
  }

  /** What a node has left now; undefined for one that is gone. */
  room(name: string): NodeRoom | undefined {
    const node = this.#watches?.nodes.objects.get(`/${name}`);
    return node && this.#watches && nodeRoom(node, this.#watches.use);
  }

  /** Of one namespace. */
  quotas(namespace: string): readonly WatchedQuota[] {
    return [...(this.#watches?.quotas.objects.values() ?? [])].filter(quota => quota.namespace === namespace);
  }

  /** What the LimitRanges of a namespace say; undefined where the portal does not see them. */
  limits(namespace: string): readonly LimitRangeItem[] | undefined {
    const watch = this.#watches?.limits;
    if (watch?.state.name !== 'live') return undefined;
    return [...watch.objects.values()].flatMap(one => (one.namespace === namespace ? one.items : []));
  }

  /** Its LocalQueues, each with the services whose versions name it. */
  get queueViews(): readonly QueueView[] {
    const users = new Map<string, Set<string>>();
    for (const { metadata } of workloads(this.#watches?.deployments ?? [])) {
      const { namespace = '', labels = {} } = metadata;
      const [queue, service] = [labels[queueLabel], labels['app.kubernetes.io/name']];
      if (queue === undefined || service === undefined) continue;
      const key = `${namespace}/${queue}`;
      users.set(key, (users.get(key) ?? new Set()).add(service));
    }
    return (this.queues?.all ?? []).map(({ namespace, metadata: { name }, spec, waiting }) => ({
      ...{ cluster: this.name, namespace, name, clusterQueue: spec.clusterQueue ?? '', waiting },
      services: [...(users.get(`${namespace}/${name}`) ?? [])].sort(),
    }));
  }

  get gpuQuotas(): readonly GpuQuota[] {
    return [...(this.#watches?.quotas.objects.values() ?? [])].flatMap(quota => gpuQuotas(this.name, quota));
  }

  /** Those whose release broke off. */
  get brokenOff(): readonly BrokenOffRelease[] {
    const stopped = this.#stoppedReleases();
    if (stopped.size === 0) return [];
    return this.deployments().flatMap(({ brokenOff, ...deployment }) =>
      brokenOff ? [{ deployment: { ...deployment, brokenOff }, actions: this.#actions }] : [],
    );
  }

  /** Keys of the leases whose holder stopped. */
  #stoppedLeases(): string[] {
    const { leases } = this.#watches ?? {};
    return [...(leases?.objects ?? [])].flatMap(([key, lease]) =>
      isStopped(lease, leases?.updatedAt ?? 0) ? [key] : [],
    );
  }

  /** By namespace/name of a service the lease of its release, when its holder stopped. */
  #stoppedReleases(): ReadonlyMap<string, WatchedLease> {
    const { leases } = this.#watches ?? {};
    return new Map(
      this.#stoppedLeases().flatMap(key => {
        const lease = leases?.objects.get(key);
        return lease?.service === undefined ? [] : [[lease.service, lease] as const];
      }),
    );
  }

  deployments(only: OneService = {}): readonly DeploymentView[] {
    return ofService(this.#views?.all(this.#stoppedReleases(), Date.now()) ?? [], only);
  }
}

interface KeptFleet {
  readonly holders: Holders;
  readonly idle: ReadonlyMap<string, boolean>;
  readonly pools: readonly FleetPool[];
}

/** Of all kinds. */
function workloads(watches: ClusterWatches['deployments']): readonly Deployment[] {
  return watches.flatMap(({ objects }) => [...objects.values()]);
}
