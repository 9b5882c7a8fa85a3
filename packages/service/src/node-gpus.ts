import { amdPartition, amdPartitions, gpuClasses, nvidiaProduct } from './gpu-classes.ts';

type Labels = Readonly<Record<string, string>>;

/** The GPUs behind one resource of a node. */
export interface NodeGpus {
  /** A class of fairway.yaml, when the labels name one: also of the whole of which these are parts. */
  readonly class?: string;
  /** The product in the words of the node. */
  readonly product?: string;
  /** Whole devices, shares of devices by time (memory is not divided, and shared by all), MIG instances, or AMD's partitions. */
  readonly kind: 'whole' | 'shared' | 'mig' | 'partition';
  /** Of MIG instances, such as 3g.40gb; of partitions their mode, such as cpx_nps4. */
  readonly profile?: string;
  /** How many pods get the same device at a time; more than 1 for shares by time, of MIG instances too. */
  readonly shares: number;
  /** Memory that each can count on, in bytes: of a share at best its part, when all others are used alike. */
  readonly memoryBytes?: number;
}

const mebibyte = 1024 ** 2;
// labels in the order in which they are believed, for what is no class
const productLabels = [
  nvidiaProduct,
  'amd.com/gpu.product-name',
  'gpu.intel.com/product',
  'cloud.google.com/gke-accelerator',
  'karpenter.k8s.aws/instance-gpu-name',
  'eks.amazonaws.com/instance-gpu-name',
  'karpenter.azure.com/sku-gpu-name',
  'aliyun.accelerator/nvidia_name',
  'gpu.nvidia.com/class',
  'nebius.com/gpu-name',
  'doks.digitalocean.com/gpu-model',
  'machine.cluster.vke.volcengine.com/gpu-name',
  // Huawei's, which others write too
  'accelerator',
] as const;

// how many GPUs of NVIDIA are in the node
const countLabels = [
  'nvidia.com/gpu.count',
  'cloud.google.com/gke-accelerator-count',
  'karpenter.k8s.aws/instance-gpu-count',
  'eks.amazonaws.com/instance-gpu-count',
  'karpenter.azure.com/sku-gpu-count',
  'aliyun.accelerator/nvidia_count',
] as const;

/** Whether an extended resource counts GPUs, whole ones or parts. */
export function isGpuResource(resource: string): boolean {
  return (
    /\/(gpu|gpu\.shared|mig-.+)$/.test(resource) ||
    /^(gpu\.intel\.com\/(i915|xe)|amd\.com\/[a-z]px_nps\d)$/.test(resource)
  );
}

/**
 * What a node's GPUs are, by the labels of NVIDIA's and AMD's feature discovery and of clouds.
 * @param resource the extended resource, such as nvidia.com/gpu or nvidia.com/mig-1g.10gb
 * @param offered how many of it the node offers, where that is known
 */
export function nodeGpus(labels: Labels, resource: string, offered = 0): NodeGpus {
  const product = productLabels.map(label => labels[label]).find(value => value !== undefined && value !== '');
  const profile = migProfile(labels, resource, product);
  const mode = partitionMode(labels, resource);
  const shares = Math.max(
    shareCount(labels, resource, product),
    profile === undefined ? copies(labels, resource, offered) : 1,
  );
  const whole = classOf({ ...labels, ...wholeProduct(labels) }, resource);
  const kind = profile !== undefined ? 'mig' : mode !== undefined ? 'partition' : shares > 1 ? 'shared' : 'whole';
  const memory = memoryOf(labels, whole, profile, shares * partsOf(mode));
  const part = profile ?? mode;
  return {
    kind,
    shares,
    ...(part === undefined ? {} : { profile: part }),
    ...(whole === undefined ? {} : { class: whole }),
    ...(product === undefined ? {} : { product }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  };
}

/**
 * Part of a whole GPU that one device of a resource is: 1, a share by time, a partition of AMD's, or a MIG instance by its compute slices, of which
 * a GPU has seven, an A30 and an RTX PRO 6000 four ("Supported MIG Profiles" of NVIDIA's MIG user guide).
 */
export function gpuPart(labels: Labels, resource: string, offered = 0): number {
  const product = productLabels.map(label => labels[label]).find(value => value !== undefined && value !== '');
  const profile = migProfile(labels, resource, product);
  if (profile === undefined) {
    const shares = Math.max(shareCount(labels, resource, product), copies(labels, resource, offered));
    return 1 / (shares * partsOf(partitionMode(labels, resource)));
  }
  const slices = Number(/^(\d)g/.exec(profile)?.[1] ?? 1);
  return Math.min(1, slices / (/\b(A30|RTX-PRO-6000)\b/.test(product ?? '') ? 4 : 7));
}

function classOf(labels: Labels, resource: string): string | undefined {
  const vendor = resource.split('/')[0];
  return [...gpuClasses.values()].find(
    one =>
      one.resource.split('/')[0] === vendor &&
      one.labels.some(entry => Object.entries(entry).every(([key, values]) => values.includes(labels[key] ?? ''))),
  )?.name;
}

/** Feature discovery writes `NVIDIA-L4-SHARED` and `NVIDIA-H100-80GB-HBM3-MIG-1g.10gb`. */
function wholeProduct(labels: Labels): Labels {
  const product = labels[nvidiaProduct];
  return product === undefined ? {} : { [nvidiaProduct]: product.replace(/-SHARED$|-MIG-.+$/g, '') };
}

function migProfile(labels: Labels, resource: string, product: string | undefined): string | undefined {
  return (
    /\/mig-(.+)$/.exec(resource)?.[1] ??
    /-MIG-([^-]+)/.exec(product ?? '')?.[1] ??
    labels['cloud.google.com/gke-gpu-partition-size']
  );
}

/** Mode of AMD's partitions, which the resource names with the naming strategy "mixed" of its device plugin; undefined for whole GPUs. */
function partitionMode(labels: Labels, resource: string): string | undefined {
  const named =
    /^amd\.com\/(\w+_nps\d)$/.exec(resource)?.[1] ?? (resource === 'amd.com/gpu' ? labels[amdPartition] : undefined);
  return partsOf(named) > 1 ? named : undefined;
}

function partsOf(mode: string | undefined): number {
  return amdPartitions[mode?.split('_')[0] ?? ''] ?? 1;
}

function shareCount(labels: Labels, resource: string, product: string | undefined): number {
  // each resource has its own: nvidia.com/gpu.replicas, nvidia.com/mig-1g.10gb.replicas
  const replicas = Number(labels[`${resource.replace(/\.shared$/, '')}.replicas`] ?? 1);
  const clients = Number(labels['cloud.google.com/gke-max-shared-clients-per-gpu'] ?? 1);
  const named = resource.endsWith('.shared') || product?.endsWith('-SHARED') === true;
  return Math.max(replicas || 1, clients || 1, named ? 2 : 1);
}

/**
 * How often a node offers each of its GPUs, where no label says that they are shared: a device plugin that divides them by itself, such as HAMi's,
 * which offers one GPU ten times (`devices.nvidia.deviceSplitCount`).
 */
function copies(labels: Labels, resource: string, offered: number): number {
  if (resource !== 'nvidia.com/gpu') return 1;
  const count = countLabels.map(label => Number(labels[label] ?? Number.NaN)).find(Number.isFinite) ?? 0;
  return count > 0 ? Math.max(1, Math.ceil(offered / count)) : 1;
}

function memoryOf(
  labels: Labels,
  whole: string | undefined,
  profile: string | undefined,
  shares: number,
): number | undefined {
  // feature discovery writes the memory of what one resource is, in MiB, but does not divide it among shares
  const discovered = Number(labels['nvidia.com/gpu.memory'] ?? Number.NaN) * mebibyte;
  const named = Number(/\.(\d+)gb/.exec(profile ?? '')?.[1] ?? Number.NaN) * 1e9;
  const known = whole === undefined ? Number.NaN : (gpuClasses.get(whole)?.memoryBytes ?? Number.NaN);
  const one = profile === undefined ? Math.min(...[discovered, known].filter(Number.isFinite)) : named;
  return Number.isFinite(one) ? one / shares : undefined;
}
