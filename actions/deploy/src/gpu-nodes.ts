import type { GpuClass } from '@fairway/service';

// GKE names the product of a shared or divided GPU as if it were whole
const shares = ['cloud.google.com/gke-gpu-sharing-strategy', 'cloud.google.com/gke-gpu-partition-size'];

/** Nodes that have whole devices of a class, by the labels of whoever made the node: one of the terms must hold. */
export function gpuAffinity({ labels }: GpuClass): Record<string, unknown> {
  const nodeSelectorTerms = labels.map(one => ({
    matchExpressions: [
      ...Object.entries(one).map(([key, values]) => ({ key, operator: 'In', values: [...values] })),
      ...(Object.keys(one).some(key => key.startsWith('cloud.google.com/'))
        ? shares.map(key => ({ key, operator: 'DoesNotExist' }))
        : []),
    ],
  }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
