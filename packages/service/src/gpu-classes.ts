import { gibibyte } from './gibibyte.ts';

/** A kind of accelerator that a service may ask for in `resources.gpu.class`. */
export interface GpuClass {
  readonly name: string;
  /** Memory that one device offers to programs, in bytes. */
  readonly memoryBytes: number;
  /** Extended resource that a pod asks for. */
  readonly resource: string;
  /** CUDA compute capability, which decides the types that a device computes; undefined for other vendors. */
  readonly computeCapability?: number;
  /** Processor of every node that has it, as the label kubernetes.io/arch names it; undefined where they differ. */
  readonly processor?: 'arm64';
  /** Where it is a MIG instance: of which class, and its profile, such as 3g.40gb. */
  readonly mig?: { readonly of: string; readonly profile: string };
  /** How nodes with such a device are labelled, by who labels them. A node has the class when all labels of one entry are there. */
  readonly labels: readonly GpuLabels[];
}

/** Label → its values. */
export type GpuLabels = Readonly<Record<string, readonly string[]>>;

/** NVIDIA's GPU feature discovery. */
export const nvidiaProduct = 'nvidia.com/gpu.product';
const gke = 'cloud.google.com/gke-accelerator';
const karpenter = 'karpenter.k8s.aws/instance-gpu-name';
const karpenterMemory = 'karpenter.k8s.aws/instance-gpu-memory';
// most other clouds label no product, only the machine
const instance = 'node.kubernetes.io/instance-type';
const amdProduct = 'amd.com/gpu.product-name';
const amdDevice = 'amd.com/gpu.device-id';
/** How AMD's node labeller says that all GPUs of a node are divided, such as cpx_nps4; spx_… is whole ones. */
export const amdPartition = 'amd.com/compute-memory-partition';
const intelProduct = 'gpu.intel.com/product';
const alibabaProduct = 'aliyun.accelerator/nvidia_name';
const coreweave = 'gpu.nvidia.com/class';
const nebius = 'nebius.com/gpu-name';
const digitalOcean = 'doks.digitalocean.com/gpu-model';
const huawei = 'accelerator';
const volcengineProduct = 'machine.cluster.vke.volcengine.com/gpu-name';

interface Found {
  readonly product: readonly string[];
  readonly gke?: readonly string[];
  readonly aws?: GpuLabels;
  readonly azure?: readonly string[];
  /** Types of EC2's machines: the family, and which of its sizes have whole GPUs. */
  readonly ec2?: Readonly<Record<string, string>>;
  /** Shapes of Oracle's machines. */
  readonly oracle?: readonly string[];
  /** Types of machines of other clouds. */
  readonly machines?: readonly string[];
  /** Labels of other clouds. */
  readonly others?: GpuLabels;
  /** NVIDIA's superchips, whose processor is a Grace. */
  readonly grace?: true;
}

function nvidia(name: string, gibibytes: number, computeCapability: number, found: Found): GpuClass {
  const labels: GpuLabels[] = [{ [nvidiaProduct]: found.product }];
  if (found.gke) labels.push({ [gke]: found.gke });
  if (found.aws) labels.push(found.aws, autoMode(found.aws));
  const machines = [
    ...(found.azure ?? []),
    ...ec2Types(found.ec2 ?? {}),
    ...(found.oracle ?? []),
    ...(found.machines ?? []),
  ];
  if (machines.length > 0) labels.push({ [instance]: machines });
  // their nodes have nvidia-smi's names too
  labels.push({ [alibabaProduct]: found.product }, { [volcengineProduct]: found.product });
  labels.push(...Object.entries(found.others ?? {}).map(([key, values]) => ({ [key]: values })));
  return {
    ...{ name, memoryBytes: gibibytes * gibibyte, resource: 'nvidia.com/gpu', computeCapability, labels },
    ...(found.grace ? { processor: 'arm64' } : {}),
  };
}

/** The labels of Karpenter as EKS Auto Mode writes them. */
function autoMode(labels: GpuLabels): GpuLabels {
  return Object.fromEntries(
    Object.entries(labels).map(([key, values]) => [key.replace('karpenter.k8s.aws', 'eks.amazonaws.com'), values]),
  );
}

const allSizes = 'xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge';

function ec2Types(families: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(families).flatMap(([family, sizes]) => sizes.split(' ').map(size => `${family}.${size}`));
}

function amd(
  name: string,
  gibibytes: number,
  products: readonly string[],
  devices: readonly string[],
  machines?: readonly string[],
  others?: GpuLabels,
): GpuClass {
  const labels: GpuLabels[] = [{ [amdProduct]: products }, { [amdDevice]: devices }];
  if (machines) labels.push({ [instance]: machines });
  if (others) labels.push(others);
  return { name, memoryBytes: gibibytes * gibibyte, resource: 'amd.com/gpu', labels };
}

/** Names of the MI350 series, which firmware writes with and without the X. */
function mi35(last: string): readonly string[] {
  return [`MI35${last}X_OAM`, `MI35${last}_OAM`].flatMap(name => [
    `AMD_Instinct_${name}`,
    `AMD-Instinct-${name.replace('_', '-')}`,
  ]);
}

function intel(name: string, gibibytes: number, products: readonly string[]): GpuClass {
  return {
    name,
    memoryBytes: gibibytes * gibibyte,
    resource: 'gpu.intel.com/i915',
    labels: [{ [intelProduct]: products }],
  };
}

/** Into how many parts each mode divides a GPU of AMD: by its dies, of which the MI300 series and its successors have eight. */
export const amdPartitions: Readonly<Record<string, number>> = { dpx: 2, tpx: 3, qpx: 4, cpx: 8 };

// NVIDIA: the total that CUDA reports (`torch.cuda.mem_get_info`, in every out-of-memory error of PyTorch), with ECC: less than
// nvidia-smi's total by what the driver reserves, and far less than the number in the name. Where drivers differ, the least seen.
// H800 and A800 are the H100 and A100 with slower links, H20 with 141 GB is `nvidia-smi`'s 143,771 MiB of an H200, and L20 has its 46,068 MiB
// of an L40S. An A16's is a T4's less the 4 MiB that nvidia-smi shows less; a GH200's with 144 GB is cuDeviceTotalMem. Compute capability: https://developer.nvidia.com/cuda-gpus. Products: the names in nvidia-smi, with dashes, as GPU feature
// discovery writes them. GKE: https://cloud.google.com/kubernetes-engine/docs/how-to/gpus. AWS: the labels of Karpenter's AWS
// provider, which are EC2's names of the GPUs, and https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html; the machines of
// https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html but for g6f and gr6f, which have parts of a GPU. Azure: the sizes of the N series. Oracle:
// the shapes with GPUs of its Compute, by which oracle-quickstart/oci-hpc-oke selects nodes. CoreWeave and Nebius: as SkyPilot 0.14
// (sky/provision/kubernetes/utils.py) reads them. DigitalOcean: its page about the labels of GPU worker nodes. Volcengine: the samples of
// vllm-project/aibrix. Huawei: "GPU Node Labels" of CCE, which names no other GPU without doubt about its memory. Scaleway, Exoscale, Civo and Crusoe: their cloud
// controller managers write the type of the machine, here those of their price lists; IBM: the flavors of VPC. Unknown are OVHcloud (no public page shows the label), Vultr
// (its plans are shares by NVIDIA's vGPU, with less memory), and nodes of Tencent, whose super nodes have an annotation of the pod; Lambda runs the GPU operator.
// AMD and Intel: memory by data sheet, labels of their node
// labellers, devices as vllm/platforms/rocm.py lists them, with those of virtual functions
// (https://github.com/ROCm/k8s-device-plugin and ROCm/gpu-operator, the tables of device IDs).
const classes = [
  nvidia('nvidia-t4-16gb', 14.56, 7.5, {
    product: ['Tesla-T4'],
    gke: ['nvidia-tesla-t4'],
    aws: { [karpenter]: ['t4'] },
    ec2: { g4dn: 'xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal' },
    azure: ['Standard_NC4as_T4_v3', 'Standard_NC8as_T4_v3', 'Standard_NC16as_T4_v3', 'Standard_NC64as_T4_v3'],
    others: { [huawei]: ['nvidia-t4'] },
  }),
  // a card has four of them
  nvidia('nvidia-a16-16gb', 14.5, 8.6, { product: ['NVIDIA-A16'] }),
  nvidia('nvidia-v100-16gb', 15.77, 7, {
    product: ['Tesla-V100-SXM2-16GB', 'Tesla-V100-PCIE-16GB'],
    gke: ['nvidia-tesla-v100'],
    aws: { [karpenter]: ['v100'], [karpenterMemory]: ['16384'] },
    ec2: { p3: '2xlarge 8xlarge 16xlarge' },
    azure: ['Standard_NC6s_v3', 'Standard_NC12s_v3', 'Standard_NC24s_v3', 'Standard_NC24rs_v3'],
    oracle: ['VM.GPU3.1', 'VM.GPU3.2', 'VM.GPU3.4', 'BM.GPU3.8'],
  }),
  nvidia('nvidia-v100-32gb', 31.73, 7, {
    product: ['Tesla-V100-SXM2-32GB', 'Tesla-V100-SXM3-32GB', 'Tesla-V100-PCIE-32GB'],
    aws: { [karpenter]: ['v100'], [karpenterMemory]: ['32768'] },
    ec2: { p3dn: '24xlarge' },
    azure: ['Standard_ND40rs_v2'],
  }),
  nvidia('nvidia-a10-24gb', 22.05, 8.6, {
    product: ['NVIDIA-A10', 'NVIDIA-A10G'],
    aws: { [karpenter]: ['a10g'] },
    ec2: { g5: allSizes },
    // smaller sizes of the series have a part of a GPU
    azure: ['Standard_NV36ads_A10_v5', 'Standard_NV36adms_A10_v5', 'Standard_NV72ads_A10_v5'],
    oracle: ['VM.GPU.A10.1', 'VM.GPU.A10.2', 'BM.GPU.A10.4'],
  }),
  nvidia('nvidia-l4-24gb', 22.03, 8.9, {
    product: ['NVIDIA-L4'],
    gke: ['nvidia-l4'],
    // with its memory, because g6f has parts of it
    aws: { [karpenter]: ['l4'], [karpenterMemory]: ['22888'] },
    ec2: { g6: allSizes, gr6: '4xlarge 8xlarge' },
    machines: ['gx3.16x80.l4', 'gx3.32x160.2l4', 'gx3.64x320.4l4', 'L4-1-24G', 'L4-2-24G', 'L4-4-24G', 'L4-8-24G'],
  }),
  nvidia('nvidia-rtx-3090-24gb', 23.56, 8.6, { product: ['NVIDIA-GeForce-RTX-3090'] }),
  nvidia('nvidia-rtx-4090-24gb', 23.52, 8.9, { product: ['NVIDIA-GeForce-RTX-4090'] }),
  nvidia('nvidia-rtx-5090-32gb', 31.34, 12, { product: ['NVIDIA-GeForce-RTX-5090'] }),
  nvidia('nvidia-a30-24gb', 23.49, 8, {
    product: ['NVIDIA-A30'],
    machines: ['gpua30.small', 'gpua30.medium', 'gpua30.large'],
  }),
  nvidia('nvidia-a40-48gb', 44.34, 8.6, {
    product: ['NVIDIA-A40'],
    machines: ['gpu3.small', 'gpu3.medium', 'gpu3.large', 'gpu3.huge', 'a40.8x'],
  }),
  // error correction is off unless somebody turns it on
  nvidia('nvidia-rtx-a6000-48gb', 47.4, 8.6, { product: ['NVIDIA-RTX-A6000'] }),
  nvidia('nvidia-l20-48gb', 44.39, 8.9, { product: ['NVIDIA-L20'] }),
  nvidia('nvidia-l40-48gb', 44.39, 8.9, { product: ['NVIDIA-L40'] }),
  nvidia('nvidia-l40s-48gb', 44.39, 8.9, {
    product: ['NVIDIA-L40S'],
    aws: { [karpenter]: ['l40s'] },
    ec2: { g6e: allSizes },
    oracle: ['BM.GPU.L40S.4', 'BM.GPU.L40S-NC.4'],
    others: { [nebius]: ['L40S'] },
    machines: [
      'gx3.24x120.l40s',
      'gx3.48x240.2l40s',
      'L40S-1-48G',
      'L40S-2-48G',
      'L40S-4-48G',
      'L40S-8-48G',
      'an.g1.l40s.kube.x1',
      'an.g1.l40s.kube.x2',
      'l40s-48gb.1x',
      'l40s-48gb.8x',
    ],
  }),
  nvidia('nvidia-rtx-6000-ada-48gb', 44.43, 8.9, { product: ['NVIDIA-RTX-6000-Ada-Generation'] }),
  nvidia('nvidia-rtx-pro-6000-96gb', 94.96, 12, {
    product: [
      'NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition',
      'NVIDIA-RTX-PRO-6000-Blackwell-Workstation-Edition',
      'NVIDIA-RTX-PRO-6000-Blackwell-Max-Q-Workstation-Edition',
    ],
    gke: ['nvidia-rtx-pro-6000'],
    aws: { [karpenter]: ['rtx-pro-server-6000'] },
    ec2: { g7e: '2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge' },
    oracle: ['BM.GPU.RTXPRO.8'],
    others: { [nebius]: ['RTX6000'] },
  }),
  nvidia('nvidia-a100-40gb', 39.38, 8, {
    product: ['NVIDIA-A100-SXM4-40GB', 'NVIDIA-A100-PCIE-40GB', 'A100-SXM4-40GB', 'A100-PCIE-40GB'],
    gke: ['nvidia-tesla-a100'],
    aws: { [karpenter]: ['a100'], [karpenterMemory]: ['40960'] },
    ec2: { p4d: '24xlarge' },
    azure: ['Standard_ND96asr_v4'],
    oracle: ['BM.GPU4.8', 'BM.GPU.B4.8', 'VM.GPU.A100.40G.1'],
    machines: ['g4g.40.kube.small'],
  }),
  nvidia('nvidia-a100-80gb', 79.14, 8, {
    product: ['NVIDIA-A100-SXM4-80GB', 'NVIDIA-A100-80GB-PCIe', 'A100-SXM4-80GB'],
    gke: ['nvidia-a100-80gb'],
    aws: { [karpenter]: ['a100'], [karpenterMemory]: ['81920'] },
    ec2: { p4de: '24xlarge' },
    azure: [
      'Standard_NC24ads_A100_v4',
      'Standard_NC48ads_A100_v4',
      'Standard_NC96ads_A100_v4',
      'Standard_ND96amsr_A100_v4',
    ],
    oracle: ['BM.GPU.A100-v2.8', 'VM.GPU.A100.80G.1'],
    machines: ['gx3d.48x240.2a100p', 'g4g.kube.small', 'a100-80gb.1x', 'a100-80gb.8x', 'a100-80gb-sxm-ib.8x'],
  }),
  nvidia('nvidia-a800-40gb', 39.38, 8, { product: ['NVIDIA-A800-SXM4-40GB', 'NVIDIA-A800-40GB-PCIe'] }),
  nvidia('nvidia-a800-80gb', 79.14, 8, { product: ['NVIDIA-A800-SXM4-80GB', 'NVIDIA-A800-80GB-PCIe'] }),
  nvidia('nvidia-h20-96gb', 95.1, 9, { product: ['NVIDIA-H20'] }),
  nvidia('nvidia-h20-141gb', 139.72, 9, { product: ['NVIDIA-H20-3e'] }),
  nvidia('nvidia-h800-80gb', 79.1, 9, { product: ['NVIDIA-H800', 'NVIDIA-H800-PCIe'] }),
  nvidia('nvidia-h100-80gb', 79.1, 9, {
    product: ['NVIDIA-H100-80GB-HBM3', 'NVIDIA-H100-PCIe'],
    gke: ['nvidia-h100-80gb', 'nvidia-h100-mega-80gb'],
    aws: { [karpenter]: ['h100'] },
    ec2: { p5: '4xlarge 48xlarge' },
    azure: ['Standard_ND96isr_H100_v5'],
    oracle: ['BM.GPU.H100.8'],
    others: { [coreweave]: ['H100_NVLINK_80GB'], [nebius]: ['H100'], [digitalOcean]: ['h100'] },
    machines: [
      'gx3d.160x1792.8h100',
      'H100-1-80G',
      'H100-2-80G',
      'H100-SXM-2-80G',
      'H100-SXM-4-80G',
      'H100-SXM-8-80G',
      'h100-80gb-sxm-ib.8x',
    ],
  }),
  nvidia('nvidia-h100-94gb', 93.1, 9, {
    product: ['NVIDIA-H100-NVL'],
    azure: ['Standard_NC40ads_H100_v5', 'Standard_NC80adis_H100_v5'],
  }),
  // the names of the modules with 96 GB say how much main memory is beside them
  nvidia('nvidia-gh200-96gb', 94.5, 9, {
    product: ['NVIDIA-GH200-480GB', 'NVIDIA-GH200-120GB'],
    grace: true,
  }),
  nvidia('nvidia-gh200-144gb', 142.5, 9, { product: ['NVIDIA-GH200-144G-HBM3e'], grace: true }),
  nvidia('nvidia-h200-141gb', 139.72, 9, {
    product: ['NVIDIA-H200', 'NVIDIA-H200-NVL'],
    gke: ['nvidia-h200-141gb'],
    aws: { [karpenter]: ['h200'] },
    ec2: { p5e: '48xlarge', p5en: '48xlarge' },
    azure: ['Standard_ND96isr_H200_v5'],
    oracle: ['BM.GPU.H200.8'],
    others: { [nebius]: ['H200'] },
    machines: ['gx3d.160x1792.8h200', 'h200-141gb-sxm-ib.8x'],
  }),
  nvidia('nvidia-b200-180gb', 178.35, 10, {
    product: ['NVIDIA-B200'],
    gke: ['nvidia-b200'],
    aws: { [karpenter]: ['b200'] },
    ec2: { 'p6-b200': '48xlarge' },
    oracle: ['BM.GPU.B200.8'],
    others: { [nebius]: ['B200'] },
    machines: ['b200-180gb-sxm-ib.8x'],
  }),
  nvidia('nvidia-gb200-186gb', 184.31, 10, {
    product: ['NVIDIA-GB200'],
    grace: true,
    gke: ['nvidia-gb200'],
    azure: ['Standard_ND128isr_NDR_GB200_v6'],
    ec2: { 'p6e-gb200': '36xlarge' },
    oracle: ['BM.GPU.GB200.4'],
    machines: ['gb200-186gb-nvl-ib.4x', 'gb200-186gb-nvl.4x'],
  }),
  nvidia('nvidia-b300-288gb', 267.69, 10.3, {
    product: ['NVIDIA-B300-SXM6-AC'],
    aws: { [karpenter]: ['b300'] },
    ec2: { 'p6-b300': '48xlarge' },
    oracle: ['BM.GPU.B300.8'],
    machines: ['B300-SXM-8-288G'],
  }),
  nvidia('nvidia-gb300-288gb', 276.5, 10.3, {
    product: ['NVIDIA-GB300'],
    grace: true,
    gke: ['nvidia-gb300'],
    azure: ['Standard_ND128isr_GB300_v6'],
  }),
  amd('amd-mi210-64gb', 64, ['AMD_Instinct_MI210', 'AMD-Instinct-MI210'], ['740f']),
  amd(
    'amd-mi300x-192gb',
    192,
    ['AMD_Instinct_MI300X_OAM', 'AMD-Instinct-MI300X-OAM'],
    ['74a1', '74a9', '74b5', '74bd'],
    ['Standard_ND96is_MI300X_v5', 'Standard_ND96isr_MI300X_v5', 'BM.GPU.MI300X.8', 'mi300x-192gb-ib.8x'],
    { [digitalOcean]: ['mi300x'] },
  ),
  amd(
    'amd-mi308x-192gb',
    192,
    ['AMD_Instinct_MI308X', 'AMD-Instinct-MI308X', 'AMD_Instinct_MI308X_OAM', 'AMD-Instinct-MI308X-OAM'],
    ['74a2'],
  ),
  amd('amd-mi325x-256gb', 256, ['AMD_Instinct_MI325X_OAM', 'AMD-Instinct-MI325X-OAM'], ['74a5', '74b9']),
  amd('amd-mi350x-288gb', 288, mi35('0'), ['75a0', '75b0']),
  amd('amd-mi355x-288gb', 288, mi35('5'), ['75a3', '75b3']),
  intel('intel-max-1100-48gb', 48, ['Max_1100']),
  intel('intel-max-1550-128gb', 128, ['Max_1550']),
] as const satisfies readonly GpuClass[];

const noImages = 'it is no GPU of CUDA or ROCm, the engines here have no images for it, and its memory is not counted';

/** Accelerators that people ask for and that no class stands for, with the reason. */
export const otherAccelerators: readonly (readonly [name: RegExp, why: string])[] = (
  [
    [/gaudi|habana/i, 'Intel Gaudi'],
    [/\btpu/i, "Google's TPU"],
    [/trainium|inferentia|neuron/i, "AWS's Neuron"],
    [/ascend|\bnpu/i, "Huawei's Ascend"],
    [/cambricon|\bmlu/i, "Cambricon's MLU"],
    [/hygon|\bdcu/i, "Hygon's DCU"],
  ] as const
).map(([name, what]) => [name, `${what} is not supported: ${noImages}`] as const);

/** The classes by name. */
export const gpuClasses: ReadonlyMap<string, GpuClass> = new Map(classes.map(one => [one.name, one]));

export const gpuClassNames: readonly [string, ...string[]] = [
  classes[0].name,
  ...classes.slice(1).map(one => one.name),
];
