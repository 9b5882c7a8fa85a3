import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { ObjectWatch } from './object-watch.ts';
import type { ObjectWatchOptions, WatchState } from './object-watch.ts';
import type { ClusterEvent, Deployment, Pod } from './workload.ts';

/** Milliseconds that a cluster may be away: an API server that is upgraded is back within a minute or two. */
const longestAway = 180_000;
const interval = 50;

/** A workload, its pods and the events of its namespace, as watches hold them. */
export class RolloutObjects {
  /** Counts what changed. */
  changes = 0;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #states = new Map<string, WatchState>();
  readonly #workload: ObjectWatch<Deployment>;
  readonly #pods: ObjectWatch<Pod>;
  readonly #events: ObjectWatch<ClusterEvent>;
  readonly #runs: Promise<unknown>;
  #seenAt = Date.now();

  constructor(
    cluster: Cluster,
    workload: Deployment,
    podLabels: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = AbortSignal.any([this.#ended.signal, ...(signal ? [signal] : [])]);
    const watched = cluster.withSignal(this.#signal);
    const { namespace, name } = workload.metadata;
    const watch = <T extends object>(apiVersion: string, kind: string, only: Partial<ObjectWatchOptions<T>>) => {
      this.#states.set(kind, { name: 'connecting' });
      return new ObjectWatch<T>(watched, {
        ...only,
        apiVersions: [apiVersion],
        kind,
        namespace,
        // items of a list come without them
        keep: object => ({ ...object, apiVersion, kind }) as unknown as T,
        changed: () => void this.changes++,
        stateChanged: state => void this.#states.set(kind, state),
      });
    };
    this.#workload = watch(workload.apiVersion, workload.kind, { fieldSelector: `metadata.name=${name}` });
    const labels = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
    this.#pods = watch('v1', 'Pod', { labelSelector: labels.join(',') });
    this.#events = watch('v1', 'Event', {});
    this.#runs = Promise.all([this.#workload, this.#pods, this.#events].map(one => one.run(this.#signal)));
  }

  /** Undefined when it is not there any more. */
  get deployment(): Deployment | undefined {
    return [...this.#workload.objects.values()][0];
  }

  get pods(): readonly Pod[] {
    return [...this.#pods.objects.values()];
  }

  get events(): readonly ClusterEvent[] {
    return [...this.#events.objects.values()];
  }

  /** Whether a watch is broken: what is held is as it was before that. */
  get stale(): boolean {
    return [...this.#states.values()].some(({ name }) => name === 'failing');
  }

  /**
   * Waits until everything was listed once.
   * @throws ToolError when the login may not watch, and when the cluster was away for too long
   */
  async listed(): Promise<void> {
    for (;;) {
      const states = [...this.#states.values()];
      const failed = states.find(state => state.name === 'failing');
      if (!failed) this.#seenAt = Date.now();
      else if (isDenied(failed.error) || Date.now() - this.#seenAt > longestAway) throw failed.error;
      if (states.every(({ name }) => name !== 'connecting')) return;
      await sleep(interval, undefined, { signal: this.#signal });
    }
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#runs;
  }
}

function isDenied(error: Error): boolean {
  return error instanceof ToolError && (error.status === 401 || error.status === 403);
}
