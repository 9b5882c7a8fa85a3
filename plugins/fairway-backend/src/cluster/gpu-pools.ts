import type { GpuPool } from '@fairway/backstage-plugin-fairway-common';
import { gpuClassName } from './gpu-class-name.ts';
import type { GpuUse } from './gpu-use.ts';
import { oldestWaiting, waitingFor } from './waiting.ts';
import type { WatchedClaim, WatchedSlice } from './watched-claims.ts';
import { deviceKey } from './watched-claims.ts';
import type { WatchedNode } from './watched-node.ts';

/** What the pools of a cluster are counted from. */
export interface GpuState {
  readonly cluster: string;
  readonly nodes: ReadonlyMap<string, WatchedNode>;
  readonly slices: ReadonlyMap<string, WatchedSlice>;
  readonly claims: ReadonlyMap<string, WatchedClaim>;
  readonly use: GpuUse;
}

/** A pool while it is counted, and where its free devices are. */
export interface CountedPool {
  readonly pool: GpuPool;
  /** Nodes that take new pods and have devices left. */
  readonly free: readonly { readonly node: string; readonly devices: number }[];
}

interface Counting {
  readonly class: string;
  readonly resource: string;
  readonly source: GpuPool['source'];
  installed: number;
  allocatable: number;
  requested: number;
  readonly nodes: Set<string>;
  readonly free: Map<string, number>;
}

class Pools {
  readonly byKey = new Map<string, Counting>();

  get(className: string, resource: string, source: GpuPool['source']): Counting {
    const key = `${resource} ${className}`;
    let pool = this.byKey.get(key);
    if (!pool) {
      const counts = { installed: 0, allocatable: 0, requested: 0, nodes: new Set<string>(), free: new Map() };
      this.byKey.set(key, (pool = { class: className, resource, source, ...counts }));
    }
    return pool;
  }
}

/** GPUs of one cluster by class and resource. */
export function countPools(state: GpuState): readonly CountedPool[] {
  const pools = new Pools();
  for (const node of state.nodes.values()) countNode(pools, node, state.use);
  countSlices(pools, state);
  const waiting = new Map(
    [...waitingFor([...pools.byKey.values()], state)].map(([name, pods]) => [
      pools.get(name.class, name.resource, name.source),
      pods,
    ]),
  );
  return [...pools.byKey.values()]
    .sort((a, b) => a.class.localeCompare(b.class) || a.resource.localeCompare(b.resource))
    .map(counting => finished(state.cluster, counting, waiting.get(counting) ?? []));
}

function countNode(pools: Pools, node: WatchedNode, use: GpuUse): void {
  for (const { resource, pool: name, mig, capacity, allocatable } of node.devices) {
    const pool = pools.get(name, resource, mig ? 'mig' : 'device-plugin');
    const requested = use.onNode(node.name, resource);
    pool.nodes.add(node.name);
    pool.installed += capacity;
    pool.allocatable += allocatable;
    pool.requested += requested;
    if (node.usable && allocatable > requested) pool.free.set(node.name, allocatable - requested);
  }
}

function countSlices(pools: Pools, { nodes, slices, use }: GpuState): void {
  // while a driver replaces its slices the old generation is still there
  const newest = new Map<string, number>();
  for (const { driver, pool, generation } of slices.values()) {
    const key = deviceKey(driver, pool, '');
    newest.set(key, Math.max(generation, newest.get(key) ?? generation));
  }
  for (const slice of slices.values()) {
    if (slice.generation !== newest.get(deviceKey(slice.driver, slice.pool, ''))) continue;
    // devices of several nodes are counted with their pool, as if it were a node
    const place = slice.node ?? slice.pool;
    const usable = slice.node === undefined || nodes.get(`/${slice.node}`)?.usable === true;
    for (const device of slice.devices) {
      const whole = gpuClassName(device.product, slice.driver);
      const pool = pools.get(device.profile ? `${whole} ${device.profile}` : whole, slice.driver, 'dra');
      pool.nodes.add(place);
      pool.installed += 1;
      pool.allocatable += 1;
      if (use.isAllocated(deviceKey(slice.driver, slice.pool, device.name))) pool.requested += 1;
      else if (usable) pool.free.set(place, (pool.free.get(place) ?? 0) + 1);
    }
  }
}

function finished(cluster: string, counting: Counting, waiting: GpuPool['waiting']): CountedPool {
  const free = [...counting.free].map(([node, devices]) => ({ node, devices }));
  const sum = free.reduce((total, { devices }) => total + devices, 0);
  const largest = free.reduce((most, { devices }) => Math.max(most, devices), 0);
  const reached = free.reduce((total, { devices }) => total + devices - (devices % largest), 0);
  const { installed, allocatable, requested } = counting;
  return {
    free,
    pool: {
      cluster,
      class: counting.class,
      resource: counting.resource,
      source: counting.source,
      nodes: counting.nodes.size,
      installed,
      allocatable,
      requested,
      free: sum,
      largestFree: largest,
      fragmentation: sum === 0 ? 0 : (sum - reached) / sum,
      ...oldestWaiting(waiting),
    },
  };
}
