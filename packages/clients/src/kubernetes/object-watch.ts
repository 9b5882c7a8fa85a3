import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { pause } from '../pause.ts';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { listPages } from './list-pages.ts';
import type { KubernetesObject } from './objects.ts';

export interface ObjectWatchOptions<T> {
  /** The first that the cluster serves is watched. */
  readonly apiVersions: readonly string[];
  readonly kind: string;
  /** Default all. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** The few fields to hold of an object, as an object of its own; undefined when it is of no interest. */
  keep(object: KubernetesObject): T | undefined;
  /** Called for every object that comes, changes or goes; after a relist only for what differs in being there. */
  changed?(before: T | undefined, after: T | undefined): void;
  /** Called when `state` changed. */
  stateChanged?(state: WatchState): void;
}

export type WatchState =
  /** The first list is not complete. */
  | { readonly name: 'connecting' }
  | { readonly name: 'live' }
  /** The cluster has no such kind. */
  | { readonly name: 'absent' }
  /** Tried again for as long as it takes; the objects are those of the last time. */
  | { readonly name: 'failing'; readonly error: Error };

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject & { readonly code?: number; readonly message?: string };
}

/** Servers send a bookmark every minute or so: a connection that is silent for longer is dead. */
const idle = 90_000;
const absentInterval = 60_000;
const firstPause = 250;
const longestPause = 30_000;
/** A connection that held for so long was a good one, however it ended. */
const lasting = 10_000;
/** A connection that broke once is not worth a message. */
const failuresToTell = 2;

/**
 * Holds the objects of one kind as they are in the cluster: a list in pages, then a watch that goes on from it. A watch that
 * breaks resumes at the last version it saw; when the cluster has forgotten that version (410) everything is listed again.
 * The library's informer lists in one piece, holds whole objects and stops at the first error.
 */
export class ObjectWatch<T> {
  readonly #cluster: Cluster;
  readonly #options: ObjectWatchOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #query: Readonly<Record<string, string>>;
  #state: WatchState = { name: 'connecting' };
  /** Where the next watch goes on; undefined when everything must be listed first. */
  #version: string | undefined;
  #updatedAt: number | undefined;

  constructor(cluster: Cluster, options: ObjectWatchOptions<T>) {
    this.#cluster = cluster;
    this.#options = options;
    const { labelSelector, fieldSelector } = options;
    this.#query = { ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) };
  }

  /** By `namespace/name`; cluster-wide objects by `/name`. */
  get objects(): ReadonlyMap<string, T> {
    return this.#objects;
  }

  get state(): WatchState {
    return this.#state;
  }

  /** When the cluster last said something, in milliseconds since 1970. */
  get updatedAt(): number | undefined {
    return this.#updatedAt;
  }

  /** Watches until the signal; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const started = Date.now();
      try {
        const apiVersion = await this.#served();
        if (apiVersion === undefined) {
          await pause(absentInterval, signal);
          continue;
        }
        await this.#listAndFollow(apiVersion);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures = Date.now() - started > lasting ? 1 : failures + 1;
        if (failures >= failuresToTell || this.#state.name === 'connecting')
          this.#tell({ name: 'failing', error: error as Error });
      }
      const longest = Math.min(longestPause, firstPause * 2 ** failures);
      await pause(longest * (0.5 + Math.random() / 2), signal);
    }
  }

  async #served(): Promise<string | undefined> {
    for (const apiVersion of this.#options.apiVersions)
      if (await this.#cluster.serves(apiVersion, this.#options.kind)) return apiVersion;
    this.#removeAllBut(new Set());
    this.#tell({ name: 'absent' });
    return undefined;
  }

  async #listAndFollow(apiVersion: string): Promise<void> {
    const path = await this.#cluster.collection(apiVersion, this.#options.kind, this.#options.namespace);
    this.#version ??= await this.#list(path);
    try {
      await this.#follow(path, this.#version);
    } catch (error) {
      // forgotten, or the kind was taken out of the cluster
      if (error instanceof ToolError && (error.status === 410 || error.status === 404)) this.#version = undefined;
      throw error;
    }
  }

  async #list(path: string): Promise<string> {
    const seen = new Set<string>();
    const version = await listPages(this.#cluster, path, this.#query, object => {
      this.#updatedAt = Date.now();
      seen.add(this.#put(object));
    });
    this.#updatedAt = Date.now();
    this.#removeAllBut(seen);
    return version;
  }

  async #follow(path: string, from: string): Promise<void> {
    const query = {
      ...this.#query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      // spreads the reconnects of many watches, as the clients of Kubernetes itself do
      timeoutSeconds: String(300 + Math.floor(Math.random() * 300)),
    };
    const opened = () => this.#tell({ name: 'live' });
    for await (const line of this.#cluster.lines(path, query, { idle, opened })) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === 'ERROR')
        throw new ToolError(
          'kubernetes',
          reasonOf('request.watching', { kind: this.#options.kind }),
          object.code,
          object.message ?? '',
        );
      this.#updatedAt = Date.now();
      if (type === 'DELETED') this.#set(keyOf(object), undefined);
      else if (type !== 'BOOKMARK') this.#put(object);
      this.#version = object.metadata.resourceVersion;
    }
  }

  #put(object: KubernetesObject): string {
    const key = keyOf(object);
    this.#set(key, this.#options.keep(object));
    return key;
  }

  #set(key: string, after: T | undefined): void {
    const before = this.#objects.get(key);
    if (after !== undefined) this.#objects.set(key, after);
    else if (before !== undefined) this.#objects.delete(key);
    if (before !== undefined || after !== undefined) this.#options.changed?.(before, after);
  }

  #removeAllBut(seen: ReadonlySet<string>): void {
    for (const key of [...this.#objects.keys()]) if (!seen.has(key)) this.#set(key, undefined);
  }

  #tell(state: WatchState): void {
    const same = state.name === this.#state.name && state.name !== 'failing';
    this.#state = state;
    if (!same) this.#options.stateChanged?.(state);
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
