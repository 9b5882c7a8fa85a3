/** A kind of accelerator that a service may ask for in `resources.gpu.class`. */
export interface GpuClass {
  readonly name: string;
  /** Memory that one device offers to programs, in bytes. */
  readonly memoryBytes: number;
  /** Extended resource that a pod asks for. */
  readonly resource: string;
  /** Values of the node label `nvidia.com/gpu.product` (GPU feature discovery) that name this class; empty when no such label exists. */
  readonly products: readonly string[];
}

const mebibyte = 1024 ** 2;

function nvidia(name: string, mebibytes: number, ...products: string[]): GpuClass {
  return { name, memoryBytes: mebibytes * mebibyte, resource: 'nvidia.com/gpu', products };
}

// The memory is what the driver offers (`nvidia-smi --query-gpu=memory.total`, ECC on), which is less than the number in the
// name: an "80 GB" H100 has 81,559 MiB, a "24 GB" L4 23,034 MiB. AMD: the 192 GB of the MI300X data sheet, which counts in GiB.
const classes = [
  nvidia('nvidia-t4-16gb', 15_360, 'Tesla-T4'),
  nvidia('nvidia-v100-16gb', 16_384, 'Tesla-V100-SXM2-16GB', 'Tesla-V100-PCIE-16GB'),
  nvidia('nvidia-v100-32gb', 32_768, 'Tesla-V100-SXM2-32GB', 'Tesla-V100-PCIE-32GB'),
  nvidia('nvidia-a10-24gb', 23_028, 'NVIDIA-A10', 'NVIDIA-A10G'),
  nvidia('nvidia-l4-24gb', 23_034, 'NVIDIA-L4'),
  nvidia('nvidia-l40s-48gb', 46_068, 'NVIDIA-L40S'),
  nvidia('nvidia-a100-40gb', 40_960, 'NVIDIA-A100-SXM4-40GB', 'NVIDIA-A100-PCIE-40GB'),
  nvidia('nvidia-a100-80gb', 81_920, 'NVIDIA-A100-SXM4-80GB', 'NVIDIA-A100-80GB-PCIe'),
  nvidia('nvidia-h100-80gb', 81_559, 'NVIDIA-H100-80GB-HBM3', 'NVIDIA-H100-PCIe'),
  nvidia('nvidia-h200-141gb', 143_771, 'NVIDIA-H200'),
  nvidia('nvidia-b200-180gb', 183_359, 'NVIDIA-B200'),
  { name: 'amd-mi300x-192gb', memoryBytes: 192 * 1024 * mebibyte, resource: 'amd.com/gpu', products: [] },
] as const satisfies readonly GpuClass[];

/** The classes by name. */
export const gpuClasses: ReadonlyMap<string, GpuClass> = new Map(classes.map(one => [one.name, one]));

export const gpuClassNames: readonly [string, ...string[]] = [
  classes[0].name,
  ...classes.slice(1).map(one => one.name),
];
