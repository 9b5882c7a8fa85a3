import type { GpuClass } from './gpu-classes.ts';
import { quantity, type ReplicaNeed, type Toleration } from './node-room.ts';

/**
 * Taints by which clusters keep other pods off their GPU nodes: the resource's name (NVIDIA, GKE, EKS), also where the resource is a part of
 * a GPU, AKS's documented one, and that of Arm nodes (GKE, and ACK's advice).
 */
export function gpuTolerations({ resource, mig, processor }: GpuClass): readonly Toleration[] {
  return [
    { key: mig ? 'nvidia.com/gpu' : resource, operator: 'Exists', effect: 'NoSchedule' },
    { key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
    ...(processor ? [{ key: 'kubernetes.io/arch', operator: 'Equal', value: processor, effect: 'NoSchedule' }] : []),
  ];
}

/**
 * What one replica asks of a node, as `deploy` writes it into its pods.
 * @param gpu absent for a service without one
 * @param resources CPU and memory as quantities of Kubernetes
 * @param tolerations beside those of the GPU class
 */
export function replicaNeed(
  gpu: { readonly class: GpuClass; readonly count: number } | undefined,
  resources: { readonly cpu: string; readonly memory: string },
  tolerations: readonly Toleration[] = [],
): ReplicaNeed {
  return {
    resources: new Map([
      ...(gpu ? [[gpu.class.resource, gpu.count] as const] : []),
      ['cpu', quantity(resources.cpu)],
      ['memory', quantity(resources.memory)],
    ]),
    tolerations: [...(gpu ? gpuTolerations(gpu.class) : []), ...tolerations],
  };
}
