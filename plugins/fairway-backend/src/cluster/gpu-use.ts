import type { WatchedClaim } from './watched-claims.ts';
import type { WatchedPod } from './watched-pod.ts';

/** Who holds and who waits for GPUs in one cluster, kept up to date pod by pod instead of being counted for every view. */
export class GpuUse {
  readonly #byNode = new Map<string, Map<string, number>>();
  readonly #devices = new Map<string, number>();
  readonly #waiting = new Set<WatchedPod>();

  /** Devices, cores or bytes of a resource that the pods of a node hold. */
  onNode(node: string, resource: string): number {
    return this.#byNode.get(node)?.get(resource) ?? 0;
  }

  isAllocated(deviceKey: string): boolean {
    return this.#devices.has(deviceKey);
  }

  get waiting(): ReadonlySet<WatchedPod> {
    return this.#waiting;
  }

  podChanged(before: WatchedPod | undefined, after: WatchedPod | undefined): void {
    if (before) this.#countPod(before, -1);
    if (after) this.#countPod(after, 1);
  }

  claimChanged(before: WatchedClaim | undefined, after: WatchedClaim | undefined): void {
    for (const device of before?.devices ?? []) add(this.#devices, device, -1);
    for (const device of after?.devices ?? []) add(this.#devices, device, 1);
  }

  #countPod(pod: WatchedPod, sign: 1 | -1): void {
    if (pod.ended) return;
    if (pod.node === undefined) {
      if (sign < 0) this.#waiting.delete(pod);
      else if (pod.gpus.size > 0 || pod.claims.length > 0) this.#waiting.add(pod);
      return;
    }
    if (pod.gpus.size === 0 && pod.cores.size === 0) return;
    let node = this.#byNode.get(pod.node);
    if (!node) this.#byNode.set(pod.node, (node = new Map()));
    for (const [resource, count] of [...pod.gpus, ...pod.cores]) add(node, resource, sign * count);
    if (node.size === 0) this.#byNode.delete(pod.node);
  }
}

function add(counts: Map<string, number>, key: string, count: number): void {
  const sum = (counts.get(key) ?? 0) + count;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}
