import { setTimeout as sleep } from 'node:timers/promises';
import { quantity } from '@fairway/service';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { describe } from '@fairway/clients/kubernetes/objects';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

const interval = 2000;

export interface ShownOptions {
  /** Where the objects are written. */
  readonly place: string;
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/**
 * Waits until the cluster has objects as they are written, whoever applies them.
 * @returns what it still lacks at the deadline, an object each; empty when it has all
 */
export async function waitUntilShown(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  { place, maxSeconds, signal, progress }: ShownOptions,
): Promise<readonly Reason[]> {
  const began = Date.now();
  for (;;) {
    const read = await Promise.all(objects.map(object => cluster.get(object)));
    const lacking = objects.flatMap((object, index) => {
      const live = read[index];
      const named = { object: describe(object) };
      if (!live) return [reasonOf('folder.absent', named)];
      if (live.metadata.deletionTimestamp) return [reasonOf('folder.ending', named)];
      const field = firstDifference(object, live);
      return field ? [reasonOf('folder.differs', { ...named, field })] : [];
    });
    const [next] = lacking;
    if (!next) return [];
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds >= maxSeconds) return lacking;
    progress(
      `the cluster has ${objects.length - lacking.length} of ${objects.length} objects of ${place} (${seconds} of ${maxSeconds} s): ${english(next)}`,
    );
    await sleep(interval, undefined, { signal });
  }
}

/**
 * The path of the first field of an object that differs in the cluster; undefined when all are as desired. Fields that are not
 * desired, such as defaults and those of other managers, may have any value, and so may the weights of a route, which a release moves.
 */
export function firstDifference(desired: unknown, live: unknown, path = ''): string | undefined {
  if (isEmpty(desired) && isEmpty(live)) return undefined;
  if (Array.isArray(desired)) {
    if (!Array.isArray(live) || live.length !== desired.length) return path;
    return first(desired, (one, index) => firstDifference(one, live[index], `${path}[${index}]`));
  }
  if (typeof desired === 'object' && desired !== null) {
    if (typeof live !== 'object' || live === null) return path;
    return first(Object.entries(desired), ([key, one]) =>
      key === 'weight' && /\.backendRefs\[\d+\]$/.test(path)
        ? undefined
        : firstDifference(one, (live as Readonly<Record<string, unknown>>)[key], path ? `${path}.${key}` : key),
    );
  }
  return desired === live || sameQuantity(desired, live, path) ? undefined : path;
}

function first<T>(list: readonly T[], find: (one: T, index: number) => string | undefined): string | undefined {
  for (const [index, one] of list.entries()) {
    const found = find(one, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Kubernetes leaves out what is empty. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Kubernetes writes 1000m of CPU as 1. */
function sameQuantity(desired: unknown, live: unknown, path: string): boolean {
  if (typeof desired !== 'string' || typeof live !== 'string' || !path.includes('.resources.')) return false;
  return quantity(desired) > 0 && quantity(desired) === quantity(live);
}
