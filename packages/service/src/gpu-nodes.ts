import { amdPartition, amdPartitions, nvidiaProduct } from './gpu-classes.ts';
import type { GpuClass, GpuLabels } from './gpu-classes.ts';
import type { LabelExpression } from './label-selector.ts';

// GKE names the product of a shared or divided GPU as if it were whole
const gkeSharing = 'cloud.google.com/gke-gpu-sharing-strategy';
const gkePartition = 'cloud.google.com/gke-gpu-partition-size';
const gkeShares = [gkeSharing, gkePartition].map(absent);

/** Nodes that have the device, by the labels of whoever made the node: all expressions of one of the terms must hold. */
export function gpuNodeTerms(device: GpuClass): readonly (readonly LabelExpression[])[] {
  return device.mig ? instanceTerms(device, device.mig.profile) : wholeTerms(device);
}

/** The same as the affinity of a pod. */
export function gpuAffinity(device: GpuClass): Record<string, unknown> {
  const nodeSelectorTerms = gpuNodeTerms(device).map(matchExpressions => ({ matchExpressions }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

// modes of compute and of memory, as AMD's node labeller joins them
const partitions = Object.keys(amdPartitions).flatMap(mode => [1, 2, 4, 8].map(memory => `${mode}_nps${memory}`));

function wholeTerms({ labels, resource }: GpuClass): readonly LabelExpression[][] {
  const products = labels.flatMap(one => one[nvidiaProduct] ?? []);
  return labels.map(one => [
    ...isOneOf(one),
    ...(isOfGke(one) ? gkeShares : []),
    ...(products.length > 0 ? discoveredShares(products) : []),
    ...(resource === 'amd.com/gpu' ? [{ key: amdPartition, operator: 'NotIn', values: partitions }] : []),
  ]);
}

/**
 * With the strategy "mixed" the resource names the profile, and the node is labelled as one with whole devices. With "single" the product
 * that NVIDIA's feature discovery writes ends with the profile, whatever a cloud says of the machine, and GKE has a label for it.
 */
function instanceTerms({ labels, resource }: GpuClass, profile: string): readonly LabelExpression[][] {
  const sharing = {
    key: `${resource}.sharing-strategy`,
    operator: 'NotIn',
    values: ['time-slicing', 'mps'],
  };
  if (resource !== 'nvidia.com/gpu') return labels.map(one => [...isOneOf(one), sharing]);
  return labels.flatMap(one => {
    if (isOfGke(one)) return [[...isOneOf({ ...one, [gkePartition]: [profile] }), absent(gkeSharing)]];
    const products = one[nvidiaProduct]?.map(product => `${product}-MIG-${profile}`);
    return products ? [[...isOneOf({ [nvidiaProduct]: products }), sharing]] : [];
  });
}

function isOneOf(labels: GpuLabels): readonly LabelExpression[] {
  return Object.entries(labels).map(([key, values]) => ({ key, operator: 'In', values: [...values] }));
}

function isOfGke(labels: GpuLabels): boolean {
  return Object.keys(labels).some(key => key.startsWith('cloud.google.com/'));
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
