import { isGpuResource } from './gpu-class-name.ts';
import { deviceCount } from './quantity.ts';

interface Container {
  readonly restartPolicy?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

export interface PodContainers {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** Extended resource → devices. */
export type GpuRequests = ReadonlyMap<string, number>;

export const noRequests: GpuRequests = new Map();

/**
 * What a pod holds on its node, by the scheduler's rule: its containers together with its sidecars, or more if an init
 * container (which runs alone with the sidecars started before it) asks for more.
 */
export function gpuRequests({ containers = [], initContainers = [] }: PodContainers): GpuRequests {
  const all = [...containers, ...initContainers];
  const resources = new Set(all.flatMap(one => Object.keys(asked(one)).filter(isGpuResource)));
  if (resources.size === 0) return noRequests;
  const result = new Map<string, number>();
  for (const resource of resources) {
    const count = (one: Container) => deviceCount(asked(one)[resource]);
    let sidecars = 0;
    let most = 0;
    for (const one of initContainers) {
      most = Math.max(most, sidecars + count(one));
      if (one.restartPolicy === 'Always') sidecars += count(one);
    }
    const running = containers.reduce((sum, one) => sum + count(one), sidecars);
    const needed = Math.max(most, running);
    if (needed > 0) result.set(resource, needed);
  }
  return result;
}

/** For extended resources the limit is the request. */
function asked(container: Container): Readonly<Record<string, string>> {
  return { ...container.resources?.limits, ...container.resources?.requests };
}
