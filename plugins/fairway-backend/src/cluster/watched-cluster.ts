import { isDeepStrictEqual } from 'node:util';
import { releaseLeaseName } from '@fairway/clients/kubernetes/index';
import type { Deployment } from '@fairway/clients/kubernetes/index';
import type { ClusterStatus, DeploymentView, FleetPool } from '@fairway/backstage-plugin-fairway-common';
import type { AskedPool, BrokenOffRelease, OneService, PresentServices } from '../cluster-views.ts';
import type { ClusterConnection } from './connections.ts';
import { ClusterWatches } from './cluster-watches.ts';
import { clusterStatus } from './cluster-status.ts';
import { deploymentViews } from './deployment-views.ts';
import { fleetPools } from './fleet.ts';
import type { Holders } from './fleet.ts';
import { countPools } from './gpu-pools.ts';
import type { CountedPool } from './gpu-pools.ts';
import type { NodeRoom } from '@fairway/service';
import { nodeRoom } from './node-room.ts';
import { isStopped } from './watched-lease.ts';
import type { WatchedLease } from './watched-lease.ts';
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
  readonly #problem: string | undefined;
  readonly #actions: boolean;
  readonly #since = Date.now();
  #pools: readonly CountedPool[] | undefined;

  constructor(connection: ClusterConnection, { signal, changed, stateChanged }: WatchedClusterOptions) {
    this.name = connection.name;
    this.#actions = connection.actions;
    try {
      const gpusChanged = () => {
        this.#pools = undefined;
        changed();
      };
      this.#watches = new ClusterWatches(connection.open(signal), {
        gpusChanged,
        servicesChanged: changed,
        stateChanged: () => {
          stateChanged(this.status);
          changed();
        },
      });
      this.#watches.run(signal);
      let before = this.#stoppedLeases();
      const timer = setInterval(() => {
        const now = this.#stoppedLeases();
        if (!isDeepStrictEqual(before, now)) changed();
        before = now;
      }, leaseInterval);
      signal.addEventListener('abort', () => clearInterval(timer));
    } catch (error) {
      this.#problem = (error as Error).message;
      stateChanged(this.status);
    }
  }

  get status(): ClusterStatus {
    if (!this.#watches) return { name: this.name, state: 'unreachable', message: this.#problem };
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

  /** The nodes with GPUs, and who holds them. */
  fleet(asked: AskedPool, holders: Holders, idle: ReadonlyMap<string, boolean>): readonly FleetPool[] {
    if (!this.#watches) return [];
    const { nodes, slices, claims, pods } = this.#watches;
    const state = { nodes: nodes.objects, slices: slices.objects, claims: claims.objects, pods: pods.objects.values() };
    return fleetPools({ cluster: this.name, pools: this.pools, idle, ...state }, asked, holders);
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

  /** Those whose release broke off. */
  get brokenOff(): readonly BrokenOffRelease[] {
    return this.#stoppedLeases().flatMap(key => {
      const [namespace = '', name = ''] = key.split('/');
      const service = serviceOfLease(name);
      if (service === undefined) return [];
      return this.deployments({ namespace, service }).flatMap(({ brokenOff, ...deployment }) =>
        brokenOff ? [{ deployment: { ...deployment, brokenOff }, actions: this.#actions }] : [],
      );
    });
  }

  /** Keys of the leases whose holder stopped. */
  #stoppedLeases(): string[] {
    const { leases } = this.#watches ?? {};
    return [...(leases?.objects ?? [])].flatMap(([key, lease]) =>
      isStopped(lease, leases?.updatedAt ?? 0) ? [key] : [],
    );
  }

  #stopped(namespace: string, service: string): WatchedLease | undefined {
    const { leases } = this.#watches ?? {};
    const lease = leases?.objects.get(`${namespace}/${releaseLeaseName(service)}`);
    return lease && isStopped(lease, leases?.updatedAt ?? 0) ? lease : undefined;
  }

  deployments(only: OneService | undefined): readonly DeploymentView[] {
    if (!this.#watches) return [];
    const { deployments, routes, podsOfVersion, eventsOfPod } = this.#watches;
    const state = {
      deployments: workloads(deployments),
      routes: routes.objects,
      pods: podsOfVersion,
      events: eventsOfPod,
      stopped: (namespace: string, service: string) => this.#stopped(namespace, service),
    };
    return deploymentViews({ cluster: this.name, now: Date.now(), ...state }, only);
  }
}

/** Of all kinds. */
function workloads(watches: ClusterWatches['deployments']): readonly Deployment[] {
  return watches.flatMap(({ objects }) => [...objects.values()]);
}

/** Undefined for a lease that is of no release. */
function serviceOfLease(name: string): string | undefined {
  const ending = releaseLeaseName('');
  return name.endsWith(ending) ? name.slice(0, -ending.length) : undefined;
}
