import type { GpuClass } from './gpu-classes.ts';
import { quantity, type ReplicaNeed, type Toleration } from './node-room.ts';

/** Taints by which clusters keep other pods off their GPU nodes: the resource's name (NVIDIA, GKE, EKS), and AKS's documented one. */
export function gpuTolerations({ resource }: GpuClass): readonly Toleration[] {
  return [
    { key: resource, operator: 'Exists', effect: 'NoSchedule' },
    { key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
  ];
}

/**
 * What one replica asks of a node, as `deploy` writes it into its pods.
 * @param resources CPU and memory as quantities of Kubernetes
 */
export function replicaNeed(
  gpu: GpuClass,
  gpus: number,
  resources: { readonly cpu: string; readonly memory: string },
): ReplicaNeed {
  return {
    resources: new Map([
      [gpu.resource, gpus],
      ['cpu', quantity(resources.cpu)],
      ['memory', quantity(resources.memory)],
    ]),
    tolerations: gpuTolerations(gpu),
  };
}
