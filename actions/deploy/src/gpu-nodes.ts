import type { GpuClass } from '@fairway/service';
import type { LabelExpression } from '@fairway/clients/kubernetes/label-selector';
import { nvidiaProduct } from '@fairway/service/gpu-classes';

// GKE names the product of a shared or divided GPU as if it were whole
const gkeShares = ['cloud.google.com/gke-gpu-sharing-strategy', 'cloud.google.com/gke-gpu-partition-size'].map(absent);

/** Nodes that have whole devices of a class, by the labels of whoever made the node: one of the terms must hold. */
export function gpuAffinity({ labels }: GpuClass): Record<string, unknown> {
  const products = labels.flatMap(one => one[nvidiaProduct] ?? []);
  const nodeSelectorTerms = labels.map(one => ({
    matchExpressions: [
      ...Object.entries(one).map(([key, values]) => ({ key, operator: 'In', values: [...values] })),
      ...(Object.keys(one).some(key => key.startsWith('cloud.google.com/')) ? gkeShares : []),
      ...(products.length > 0 ? discoveredShares(products) : []),
    ],
  }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

/**
 * A cloud labels the machine, whatever its devices were divided into. NVIDIA's feature discovery says so, where it runs: the name of the
 * strategy (0.15 and newer) or the ending of the product for time slices and MPS, the slices of a MIG instance with the strategy "single".
 */
function discoveredShares(products: readonly string[]): readonly LabelExpression[] {
  return [
    { key: nvidiaProduct, operator: 'NotIn', values: products.map(product => `${product}-SHARED`) },
    { key: 'nvidia.com/gpu.sharing-strategy', operator: 'NotIn', values: ['time-slicing', 'mps'] },
    absent('nvidia.com/gpu.slices.gi'),
  ];
}

function absent(key: string): LabelExpression {
  return { key, operator: 'DoesNotExist' };
}
