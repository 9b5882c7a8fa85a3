import { isDeepStrictEqual } from 'node:util';
import type { DeploymentView } from '@fairway/backstage-plugin-fairway-common';
import type { Deployment } from '@fairway/clients/kubernetes/index';
import { deploymentViews, podsOf } from './deployment-views.ts';
import type { ServiceState } from './deployment-views.ts';
import type { Groups } from './groups.ts';
import { startsUntil } from './start-up.ts';
import type { WatchedLease } from './watched-lease.ts';

interface Sources extends Omit<ServiceState, 'deployments' | 'stopped' | 'now'> {
  /** By `serviceGroup`. */
  readonly deployments: Groups<Deployment>;
}

interface Kept {
  readonly view: DeploymentView;
  /** Milliseconds since 1970 after which a pod of it takes too long to start. */
  readonly until: number;
}

/** The deployments of a cluster, each made again when something of it changed. One that did not is the same object as before. */
export class KeptViews {
  readonly #sources: Sources;
  readonly #touched = new Set<string>();
  readonly #kept = new Map<string, Kept>();
  #stopped: ReadonlyMap<string, WatchedLease> = new Map();
  #all: readonly DeploymentView[] = [];
  #until = Infinity;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** @param service namespace/name of one of which a deployment, pod, route or event changed */
  touch(service: string): void {
    this.#touched.add(service);
  }

  /**
   * By namespace and name.
   * @param stopped by namespace/name of a service the lease of its release, when its holder stopped
   * @param now     milliseconds since 1970
   */
  all(stopped: ReadonlyMap<string, WatchedLease>, now: number): readonly DeploymentView[] {
    for (const service of [...stopped.keys(), ...this.#stopped.keys()])
      if (stopped.get(service) !== this.#stopped.get(service)) this.#touched.add(service);
    this.#stopped = stopped;
    if (now > this.#until) for (const [service, { until }] of this.#kept) if (now > until) this.#touched.add(service);
    if (this.#touched.size > 0) this.#makeAgain(now);
    return this.#all;
  }

  #makeAgain(now: number): void {
    let sorted = true;
    for (const service of this.#touched) {
      const made = this.#make(service, now);
      if (made) {
        sorted &&= this.#kept.has(service);
        this.#kept.set(service, made);
      } else {
        this.#kept.delete(service);
      }
    }
    this.#touched.clear();
    if (!sorted) {
      const entries = [...this.#kept].sort(([one], [other]) => one.localeCompare(other));
      this.#kept.clear();
      for (const [service, kept] of entries) this.#kept.set(service, kept);
    }
    const kept = [...this.#kept.values()];
    this.#all = kept.map(({ view }) => view);
    this.#until = kept.reduce((least, { until }) => Math.min(least, until), Infinity);
  }

  #make(service: string, now: number): Kept | undefined {
    const deployments = this.#sources.deployments.get(service);
    const stopped = () => this.#stopped.get(service);
    const [view] = deploymentViews({ ...this.#sources, deployments, stopped, now });
    if (!view) return undefined;
    const ends = deployments
      .flatMap(deployment =>
        podsOf(this.#sources.pods, deployment).map(pod => startsUntil(pod, deployment.spec?.progressDeadlineSeconds)),
      )
      .filter(until => until >= now);
    const before = this.#kept.get(service)?.view;
    return { view: isDeepStrictEqual(before, view) && before ? before : view, until: Math.min(...ends, Infinity) };
  }
}
