import { nodeGpus } from '@fairway/service';
import type { NodeGpus } from '@fairway/service';

const productLabels = ['nvidia.com/gpu.product', 'amd.com/gpu.product-name'];

export function isProductLabel(label: string): boolean {
  return productLabels.includes(label);
}

/** A GPU class of fairway.yaml, else the product as a driver or DCGM calls it, else the resource. */
export function gpuClassName(product: string | undefined, resource: string): string {
  // drivers and DCGM write blanks where the label has dashes
  const label = product?.replaceAll(' ', '-');
  const [vendor = ''] = resource.replace(/^gpu\./, '').split(/[/.]/);
  const labels = label === undefined ? {} : { [productLabels[vendor === 'amd' ? 1 : 0] ?? '']: label };
  return poolName(nodeGpus(labels, resource.includes('/') ? resource : `${vendor}.com/gpu`), resource);
}

/** How a pool is called: shares and partitions of a GPU, and instances of one kind of node, are no whole GPUs of a class. */
export function poolName(gpus: NodeGpus, resource: string): string {
  if (gpus.kind === 'shared') return `${gpus.class ?? gpus.product?.replace(/-SHARED$/, '') ?? resource} shared`;
  if (gpus.kind === 'partition') return `${gpus.class ?? gpus.product ?? resource} ${gpus.profile}`;
  if (gpus.kind === 'mig' && !resource.includes('/mig-')) return gpus.product ?? resource;
  return gpus.class ?? gpus.product ?? resource;
}
