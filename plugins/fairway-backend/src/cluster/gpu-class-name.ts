import { gpuClasses } from '@fairway/service';

/** A GPU as a node or a device driver calls it. */
const productLabels = ['nvidia.com/gpu.product', 'amd.com/gpu.product-name'];

export function productOf(labels: Readonly<Record<string, string>> | undefined): string | undefined {
  for (const label of productLabels) if (labels?.[label]) return labels[label];
  return undefined;
}

export function isProductLabel(label: string): boolean {
  return productLabels.includes(label);
}

/** Whether an extended resource counts GPUs, whole ones or parts. */
export function isGpuResource(resource: string): boolean {
  return /\/(gpu|gpu\.shared|mig-.+)$/.test(resource) || /^gpu\.intel\.com\/(i915|xe)$/.test(resource);
}

/** A GPU class of fairway.yaml, else the product, else the resource. */
export function gpuClassName(product: string | undefined, resource: string): string {
  // drivers and DCGM write blanks where the label has dashes; time slicing adds a suffix to the label
  const label = product?.replaceAll(' ', '-').replace(/-SHARED$/, '');
  for (const { name, labels } of gpuClasses.values()) {
    if (label !== undefined && labels.some(one => Object.values(one).some(values => values.includes(label))))
      return name;
  }
  return label ?? resource;
}
