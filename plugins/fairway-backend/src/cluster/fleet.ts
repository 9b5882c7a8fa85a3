import type { FleetHolder, FleetNode, FleetPool } from '@fairway/backstage-plugin-fairway-common';
import type { AskedPool } from '../cluster-views.ts';
import { gpuClassName } from './gpu-class-name.ts';
import type { CountedPool, GpuState } from './gpu-pools.ts';
import { deviceKey } from './watched-claims.ts';
import type { WatchedNode } from './watched-node.ts';
import type { WatchedPod } from './watched-pod.ts';

/** Nodes of a pool over which it is drawn as a sum. */
const drawn = 100;

/** Taints that only repeat the state of the node. */
const ownTaints = /^node\.kubernetes\.io\//;

export interface FleetState extends Omit<GpuState, 'use'> {
  readonly pools: readonly CountedPool[];
  readonly pods: Iterable<WatchedPod>;
  /** By namespace/name of a pod. */
  readonly idle: ReadonlyMap<string, boolean>;
}

/** Who holds something, each once and at the same place for as long as this is used. */
export class Holders {
  readonly all: FleetHolder[] = [];
  readonly #places = new Map<string, number>();
  readonly owners: ReadonlyMap<string, string>;

  /** @param owners by namespace/name of a service */
  constructor(owners: ReadonlyMap<string, string>) {
    this.owners = owners;
  }

  placeOf({ namespace, service }: WatchedPod): number {
    const name = service?.service;
    const key = `${namespace}/${name ?? ''}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.all.length;
    this.all.push({ namespace, service: name, owner: name === undefined ? undefined : this.owners.get(key) });
    this.#places.set(key, place);
    return place;
  }
}

/** The pools of one cluster with their nodes, and who holds the devices of each. */
export function fleetPools(state: FleetState, asked: AskedPool, holders: Holders): readonly FleetPool[] {
  const nodes = nodesByPool(state, holders);
  return state.pools.map(({ pool }): FleetPool => {
    const { cluster, class: name, resource, source, installed, allocatable, requested, free } = pool;
    const own = nodes.get(`${resource} ${name}`) ?? { part: 1, nodes: new Map<string, FleetNode>() };
    const wanted = asked.class === name && (asked.resource ?? resource) === resource;
    const sorted = [...own.nodes.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    return {
      ...{ cluster, class: name, resource, source, installed, allocatable, requested, free },
      part: own.part,
      nodeCount: pool.nodes,
      waiting: pool.waitingTotal ?? pool.waiting.length,
      byHolder: sums(sorted),
      nodes: wanted || sorted.length <= drawn ? sorted : undefined,
    };
  });
}

interface PoolNodes {
  readonly part: number;
  readonly nodes: Map<string, FleetNode>;
}

function nodesByPool(state: FleetState, holders: Holders): ReadonlyMap<string, PoolNodes> {
  const pools = new Map<string, PoolNodes>();
  const poolOf = (resource: string, name: string, part: number) => {
    const key = `${resource} ${name}`;
    const pool = pools.get(key) ?? { part, nodes: new Map() };
    pools.set(key, pool);
    return pool;
  };
  for (const node of state.nodes.values())
    for (const { resource, pool, part, capacity, allocatable } of node.devices)
      poolOf(resource, pool, part).nodes.set(node.name, { ...shownNode(node), capacity, allocatable, held: [] });

  const claimed = new Map<string, WatchedPod>();
  for (const pod of state.pods) {
    if (pod.ended || pod.node === undefined) continue;
    const node = state.nodes.get(`/${pod.node}`);
    for (const [resource, count] of pod.gpus) {
      const devices = node?.devices.find(one => one.resource === resource);
      const shown = devices && pools.get(`${resource} ${devices.pool}`)?.nodes.get(pod.node);
      shown?.held.push(held(pod, count, state, holders));
    }
    for (const claim of pod.claims)
      for (const device of state.claims.get(`${pod.namespace}/${claim}`)?.devices ?? []) claimed.set(device, pod);
  }
  for (const slice of newestSlices(state)) {
    // devices of several nodes stand with their pool, as if it were a node
    const place = slice.node ?? slice.pool;
    const node = slice.node === undefined ? undefined : state.nodes.get(`/${slice.node}`);
    for (const device of slice.devices) {
      const whole = gpuClassName(device.product, slice.driver);
      const name = device.profile ? `${whole} ${device.profile}` : whole;
      const { nodes } = poolOf(slice.driver, name, device.profile ? 1 / 7 : 1);
      const known = nodes.get(place);
      const shown: FleetNode = known ?? {
        ...(node
          ? shownNode(node)
          : { name: place, state: slice.node === undefined ? 'usable' : 'not-ready', taints: [] }),
        ...{ capacity: 0, allocatable: 0, held: [] },
      };
      const pod = claimed.get(deviceKey(slice.driver, slice.pool, device.name));
      const before = shown.held.find(one => pod && one.pod === `${pod.namespace}/${pod.name}`);
      const others = shown.held.filter(one => one !== before);
      nodes.set(place, {
        ...shown,
        capacity: shown.capacity + 1,
        allocatable: shown.allocatable + 1,
        held: pod ? [...others, held(pod, (before?.count ?? 0) + 1, state, holders)] : shown.held,
      });
    }
  }
  return pools;
}

/** While a driver replaces its slices the old generation is still there. */
function newestSlices({ slices }: FleetState) {
  const newest = new Map<string, number>();
  for (const { driver, pool, generation } of slices.values()) {
    const key = deviceKey(driver, pool, '');
    newest.set(key, Math.max(generation, newest.get(key) ?? generation));
  }
  return [...slices.values()].filter(
    ({ driver, pool, generation }) => generation === newest.get(deviceKey(driver, pool, '')),
  );
}

function shownNode({ name, usable, cordoned, taints }: WatchedNode): Pick<FleetNode, 'name' | 'state' | 'taints'> {
  return {
    name,
    state: usable ? 'usable' : cordoned ? 'cordoned' : 'not-ready',
    taints: taints
      .filter(({ key }) => !ownTaints.test(key))
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
  };
}

function held(pod: WatchedPod, count: number, { idle }: FleetState, holders: Holders): FleetNode['held'][number] {
  const name = `${pod.namespace}/${pod.name}`;
  return { holder: holders.placeOf(pod), pod: name, count, idle: idle.get(name) };
}

function sums(nodes: readonly FleetNode[]): FleetPool['byHolder'] {
  const found = new Map<number, { holder: number; count: number; idle: number }>();
  for (const { held: pods } of nodes)
    for (const { holder, count, idle } of pods) {
      const sum = found.get(holder) ?? { holder, count: 0, idle: 0 };
      sum.count += count;
      if (idle) sum.idle += count;
      found.set(holder, sum);
    }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
