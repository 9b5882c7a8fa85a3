import type { GpuPool } from '@fairway/backstage-plugin-fairway-common';
import { diagnosePod } from '@fairway/clients/kubernetes/index';
import { type Reason, reasonOf } from '@fairway/service/reasons/reason';
import { gpuClassName } from './gpu-class-name.ts';
import type { GpuUse } from './gpu-use.ts';
import { saidReason } from './said-reason.ts';
import type { WatchedClaim } from './watched-claims.ts';
import type { WatchedPod } from './watched-pod.ts';

type WaitingPod = GpuPool['waiting'][number];

interface PoolName {
  readonly class: string;
  readonly resource: string;
  readonly source: GpuPool['source'];
}

interface WaitingState {
  readonly claims: ReadonlyMap<string, WatchedClaim>;
  readonly use: GpuUse;
}

/**
 * The pods that wait, by the pool whose devices they ask for: in each pool that they would accept. A pod whose class no
 * node has gets a pool of its own, so that it is not lost.
 */
export function waitingFor<Pool extends PoolName>(
  pools: readonly Pool[],
  { claims, use }: WaitingState,
): Map<Pool | PoolName, WaitingPod[]> {
  const result = new Map<Pool | PoolName, WaitingPod[]>();
  const missing = new Map<string, PoolName>();
  const put = (pool: Pool | PoolName, pod: WatchedPod, gpus: number) => {
    const list = result.get(pool) ?? [];
    list.push(waitingPod(pod, gpus));
    result.set(pool, list);
  };
  for (const pod of use.waiting) {
    for (const [resource, count] of pod.gpus) {
      const classes = pod.products?.map(product => gpuClassName(product, resource));
      const fitting = pools.filter(pool => pool.resource === resource && (classes?.includes(pool.class) ?? true));
      for (const pool of fitting) put(pool, pod, count);
      if (fitting.length > 0) continue;
      const className = classes?.[0] ?? gpuClassName(undefined, resource);
      const key = `${resource} ${className}`;
      const source = resource.includes('/mig-') ? 'mig' : 'device-plugin';
      const absent = missing.get(key) ?? { class: className, resource, source };
      missing.set(key, absent);
      put(absent, pod, count);
    }
    for (const name of pod.claims) {
      const claim = claims.get(`${pod.namespace}/${name}`);
      if (!claim || claim.devices.length > 0) continue;
      for (const { deviceClass, count } of claim.requests)
        for (const pool of poolsOfDeviceClass(pools, deviceClass)) put(pool, pod, count);
    }
  }
  return result;
}

/** Pods that a pool shows; thousands may wait, and each has a sentence of its own. */
const shown = 100;

/** The oldest, and of every namespace at least one: whoever asks for a single service must not read that none of its waits. */
export function oldestWaiting(pods: readonly WaitingPod[]): Pick<GpuPool, 'waiting' | 'waitingTotal'> {
  const sorted = [...pods].sort((a, b) => Number(a.since > b.since) - Number(a.since < b.since));
  if (sorted.length <= shown) return { waiting: sorted };
  const seen = new Set(sorted.slice(0, shown).map(pod => pod.namespace));
  const waiting = sorted.filter((pod, index) => {
    if (index < shown) return true;
    const first = !seen.has(pod.namespace);
    seen.add(pod.namespace);
    return first;
  });
  return { waiting, waitingTotal: sorted.length };
}

/** By the convention that device classes are called after the vendor of their driver; others may be of any. */
function poolsOfDeviceClass<Pool extends PoolName>(pools: readonly Pool[], deviceClass: string): readonly Pool[] {
  const offered = pools.filter(pool => pool.source === 'dra');
  const own = offered.filter(pool => deviceClass.endsWith(pool.resource.replace(/^gpu\./, '')));
  return own.length > 0 ? own : offered;
}

function waitingPod(pod: WatchedPod, gpus: number): WaitingPod {
  return {
    namespace: pod.namespace,
    name: pod.name,
    service: pod.service?.service,
    gpus,
    since: pod.created,
    ...saidReason(waitsFor(pod)),
  };
}

/** Of a service's pod in the words of `deploy`, as its own page has it; of others in those of the scheduler. */
function waitsFor({ queue, waits, service }: WatchedPod): Reason | string {
  if (queue !== undefined) return reasonOf('pod.inQueue', { queue });
  if (waits === undefined) return reasonOf('pod.notLookedAt');
  return (service && diagnosePod(service.pod, [])?.coded) ?? waits;
}
