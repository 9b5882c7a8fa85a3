import { isGpuResource, nodeGpus } from './node-gpus.ts';

const gpu = 'nvidia.com/gpu';
const gibibyte = 1024 ** 3;

test.each<[string, Record<string, string>, string, object]>([
  ['feature discovery', { 'nvidia.com/gpu.product': 'NVIDIA-L4' }, gpu, { class: 'nvidia-l4-24gb', kind: 'whole' }],
  [
    'one L4 in ten shares',
    { 'nvidia.com/gpu.product': 'NVIDIA-L4-SHARED', 'nvidia.com/gpu.replicas': '10' },
    gpu,
    { class: 'nvidia-l4-24gb', kind: 'shared', memoryBytes: (22.03 * gibibyte) / 10 },
  ],
  [
    'shares without the suffix',
    { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.replicas': '4' },
    gpu,
    { class: 'nvidia-l4-24gb', kind: 'shared' },
  ],
  [
    'shares under a name of their own',
    { 'nvidia.com/gpu.product': 'NVIDIA-L4' },
    'nvidia.com/gpu.shared',
    { kind: 'shared' },
  ],
  [
    'MIG of one kind',
    { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3-MIG-1g.10gb' },
    gpu,
    { class: 'nvidia-h100-80gb', kind: 'mig', memoryBytes: 10e9 },
  ],
  [
    'MIG of several kinds',
    { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' },
    'nvidia.com/mig-3g.40gb',
    { class: 'nvidia-a100-80gb', kind: 'mig', memoryBytes: 40e9 },
  ],
  // https://github.com/NVIDIA/k8s-device-plugin/blob/main/docs/gpu-feature-discovery/README.md
  [
    'shares of MIG of several kinds',
    { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB', 'nvidia.com/mig-1g.10gb.replicas': '2' },
    'nvidia.com/mig-1g.10gb',
    { kind: 'mig', memoryBytes: 5e9 },
  ],
  [
    'MIG beside GPUs that are shared',
    { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB', 'nvidia.com/gpu.replicas': '4' },
    'nvidia.com/mig-1g.10gb',
    { kind: 'mig', memoryBytes: 10e9 },
  ],
  [
    'GKE',
    { 'cloud.google.com/gke-accelerator': 'nvidia-tesla-a100' },
    gpu,
    { class: 'nvidia-a100-40gb', kind: 'whole' },
  ],
  [
    'a partition of GKE',
    { 'cloud.google.com/gke-accelerator': 'nvidia-a100-80gb', 'cloud.google.com/gke-gpu-partition-size': '1g.10gb' },
    gpu,
    { class: 'nvidia-a100-80gb', kind: 'mig', memoryBytes: 10e9 },
  ],
  [
    'time sharing of GKE',
    { 'cloud.google.com/gke-accelerator': 'nvidia-l4', 'cloud.google.com/gke-max-shared-clients-per-gpu': '3' },
    gpu,
    { class: 'nvidia-l4-24gb', kind: 'shared' },
  ],
  [
    'Karpenter tells two A100 apart by their memory',
    { 'karpenter.k8s.aws/instance-gpu-name': 'a100', 'karpenter.k8s.aws/instance-gpu-memory': '81920' },
    gpu,
    { class: 'nvidia-a100-80gb', kind: 'whole' },
  ],
  ['AKS', { 'node.kubernetes.io/instance-type': 'Standard_NC24ads_A100_v4' }, gpu, { class: 'nvidia-a100-80gb' }],
  [
    'RTX PRO 6000 of Karpenter',
    { 'karpenter.k8s.aws/instance-gpu-name': 'rtx-pro-server-6000' },
    gpu,
    { class: 'nvidia-rtx-pro-6000-96gb' },
  ],
  [
    'GB200 of AKS',
    { 'node.kubernetes.io/instance-type': 'Standard_ND128isr_NDR_GB200_v6' },
    gpu,
    { class: 'nvidia-gb200-186gb' },
  ],
  ['GB300', { 'nvidia.com/gpu.product': 'NVIDIA-GB300' }, gpu, { class: 'nvidia-gb300-288gb' }],
  ['B300, and not B200', { 'nvidia.com/gpu.product': 'NVIDIA-B300-SXM6-AC' }, gpu, { class: 'nvidia-b300-288gb' }],
  ['H20 with more memory', { 'nvidia.com/gpu.product': 'NVIDIA-H20-3e' }, gpu, { class: 'nvidia-h20-141gb' }],
  ['H20', { 'nvidia.com/gpu.product': 'NVIDIA-H20' }, gpu, { class: 'nvidia-h20-96gb' }],
  ['L40S', { 'nvidia.com/gpu.product': 'NVIDIA-L40S' }, gpu, { class: 'nvidia-l40s-48gb' }],
  ['H100 NVL', { 'nvidia.com/gpu.product': 'NVIDIA-H100-NVL' }, gpu, { class: 'nvidia-h100-94gb' }],
  // the name says the main memory beside it
  ['GH200', { 'nvidia.com/gpu.product': 'NVIDIA-GH200-480GB' }, gpu, { class: 'nvidia-gh200-96gb' }],
  [
    'an instance of a GH200',
    { 'nvidia.com/gpu.product': 'NVIDIA-GH200-144G-HBM3e-MIG-1g.18gb' },
    gpu,
    { class: 'nvidia-gh200-144gb', kind: 'mig', memoryBytes: 18e9 },
  ],
  ['RTX 3090', { 'nvidia.com/gpu.product': 'NVIDIA-GeForce-RTX-3090' }, gpu, { class: 'nvidia-rtx-3090-24gb' }],
  ['RTX 4090', { 'nvidia.com/gpu.product': 'NVIDIA-GeForce-RTX-4090' }, gpu, { class: 'nvidia-rtx-4090-24gb' }],
  ['RTX 5090', { 'nvidia.com/gpu.product': 'NVIDIA-GeForce-RTX-5090' }, gpu, { class: 'nvidia-rtx-5090-32gb' }],
  ['A16', { 'nvidia.com/gpu.product': 'NVIDIA-A16' }, gpu, { class: 'nvidia-a16-16gb' }],
  ['L40, and not L40S', { 'nvidia.com/gpu.product': 'NVIDIA-L40' }, gpu, { class: 'nvidia-l40-48gb' }],
  [
    'an instance of an A30',
    { 'nvidia.com/gpu.product': 'NVIDIA-A30-MIG-1g.6gb' },
    gpu,
    { class: 'nvidia-a30-24gb', kind: 'mig', memoryBytes: 6e9 },
  ],
  // https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html
  [
    'EKS Auto Mode',
    { 'eks.amazonaws.com/instance-gpu-name': 'a100', 'eks.amazonaws.com/instance-gpu-memory': '81920' },
    gpu,
    { class: 'nvidia-a100-80gb', product: 'a100' },
  ],
  // https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
  [
    'a node group of EKS',
    { 'eks.amazonaws.com/nodegroup': 'gpus', 'node.kubernetes.io/instance-type': 'g5.12xlarge' },
    gpu,
    { class: 'nvidia-a10-24gb' },
  ],
  // https://instinct.docs.amd.com/projects/k8s-device-plugin/en/latest/user-guide/resource-allocation.html
  [
    'an eighth of an MI300X',
    { 'amd.com/gpu.device-id': '74a1', 'amd.com/compute-memory-partition': 'cpx_nps4' },
    'amd.com/gpu',
    { class: 'amd-mi300x-192gb', kind: 'partition', profile: 'cpx_nps4', memoryBytes: 24 * gibibyte },
  ],
  [
    'parts by the resource',
    { 'amd.com/gpu.device-id': '74a1' },
    'amd.com/dpx_nps1',
    { kind: 'partition', memoryBytes: 96 * gibibyte },
  ],
  [
    'an MI300X that could be divided',
    { 'amd.com/gpu.device-id': '74a1', 'amd.com/compute-memory-partition': 'spx_nps1' },
    'amd.com/gpu',
    { kind: 'whole', memoryBytes: 192 * gibibyte },
  ],
  // Azure gives its machines virtual functions
  ['MI300X of AKS', { 'amd.com/gpu.device-id': '74b5' }, 'amd.com/gpu', { class: 'amd-mi300x-192gb' }],
  ['MI308X', { 'amd.com/gpu.product-name': 'AMD_Instinct_MI308X' }, 'amd.com/gpu', { class: 'amd-mi308x-192gb' }],
  ['MI350X', { 'amd.com/gpu.device-id': '75a0' }, 'amd.com/gpu', { class: 'amd-mi350x-288gb' }],
  [
    'MI355X by the name of its firmware',
    { 'amd.com/gpu.product-name': 'AMD_Instinct_MI355_OAM' },
    'amd.com/gpu',
    { class: 'amd-mi355x-288gb' },
  ],
  ['AMD', { 'amd.com/gpu.device-id': '74a5' }, 'amd.com/gpu', { class: 'amd-mi325x-256gb' }],
  // shapes of Oracle's Compute, which OKE writes into the label of the machine (oracle-quickstart/oci-hpc-oke)
  ['OKE', { 'node.kubernetes.io/instance-type': 'BM.GPU.A100-v2.8' }, gpu, { class: 'nvidia-a100-80gb' }],
  [
    'OKE with the A100 of 40 GB',
    { 'node.kubernetes.io/instance-type': 'BM.GPU4.8' },
    gpu,
    { class: 'nvidia-a100-40gb' },
  ],
  [
    'OKE with AMD',
    { 'node.kubernetes.io/instance-type': 'BM.GPU.MI300X.8' },
    'amd.com/gpu',
    { class: 'amd-mi300x-192gb' },
  ],
  // https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-labels-to-schedule-pods-to-gpu-accelerated-nodes
  [
    'ACK',
    { 'aliyun.accelerator/nvidia_name': 'Tesla-V100-SXM2-16GB', 'aliyun.accelerator/nvidia_count': '1' },
    gpu,
    { class: 'nvidia-v100-16gb', product: 'Tesla-V100-SXM2-16GB', kind: 'whole' },
  ],
  // labels that SkyPilot 0.14 reads (sky/provision/kubernetes/utils.py)
  ['CoreWeave', { 'gpu.nvidia.com/class': 'H100_NVLINK_80GB' }, gpu, { class: 'nvidia-h100-80gb' }],
  ['Nebius', { 'nebius.com/gpu-name': 'B200' }, gpu, { class: 'nvidia-b200-180gb' }],
  // https://docs.digitalocean.com/products/kubernetes/details/managed/
  ['DigitalOcean', { 'doks.digitalocean.com/gpu-model': 'h100' }, gpu, { class: 'nvidia-h100-80gb' }],
  [
    'MI300X of DigitalOcean',
    { 'doks.digitalocean.com/gpu-model': 'mi300x' },
    'amd.com/gpu',
    { class: 'amd-mi300x-192gb' },
  ],
  // two A100 of either memory: the machine says which
  [
    'the node provisioning of AKS',
    {
      'karpenter.azure.com/sku-gpu-name': 'A100',
      'karpenter.azure.com/sku-gpu-count': '1',
      'node.kubernetes.io/instance-type': 'Standard_NC24ads_A100_v4',
    },
    gpu,
    { class: 'nvidia-a100-80gb', product: 'A100' },
  ],
  // samples of vllm-project/aibrix, and a report of a cluster with A800
  [
    'Volcengine',
    { 'machine.cluster.vke.volcengine.com/gpu-name': 'NVIDIA-A800-SXM4-80GB' },
    gpu,
    { class: 'nvidia-a800-80gb', product: 'NVIDIA-A800-SXM4-80GB' },
  ],
  // https://support.huaweicloud.com/intl/en-us/usermanual-cce/cce_10_0345.html
  ['Huawei', { accelerator: 'nvidia-t4' }, gpu, { class: 'nvidia-t4-16gb', product: 'nvidia-t4' }],
  // scaleway-cloud-controller-manager, scaleway/instances.go: InstanceType is the commercial type
  ['Scaleway', { 'node.kubernetes.io/instance-type': 'H100-SXM-8-80G' }, gpu, { class: 'nvidia-h100-80gb' }],
  // exoscale-cloud-controller-manager, exoscale/instances.go: the family, a dot and the size
  ['Exoscale', { 'node.kubernetes.io/instance-type': 'gpua30.small' }, gpu, { class: 'nvidia-a30-24gb' }],
  // civo-cloud-controller-manager, cloud-controller-manager/civo/instances.go: the size
  ['Civo', { 'node.kubernetes.io/instance-type': 'g4g.40.kube.small' }, gpu, { class: 'nvidia-a100-40gb' }],
  // crusoe-cloud-controller-manager, internal/instances/instances.go: the type
  ['Crusoe', { 'node.kubernetes.io/instance-type': 'l40s-48gb.1x' }, gpu, { class: 'nvidia-l40s-48gb' }],
  [
    'MI300X of Crusoe',
    { 'node.kubernetes.io/instance-type': 'mi300x-192gb-ib.8x' },
    'amd.com/gpu',
    { class: 'amd-mi300x-192gb' },
  ],
  // https://cloud.ibm.com/docs/containers?topic=containers-vpc-flavors
  ['IBM', { 'node.kubernetes.io/instance-type': 'gx3d.160x1792.8h200' }, gpu, { class: 'nvidia-h200-141gb' }],
  ['G7e', { 'node.kubernetes.io/instance-type': 'g7e.12xlarge' }, gpu, { class: 'nvidia-rtx-pro-6000-96gb' }],
  ['Intel', { 'gpu.intel.com/product': 'Max_1550' }, 'gpu.intel.com/i915', { class: 'intel-max-1550-128gb' }],
])('%s', (_name, labels, resource, expected) => {
  expect(nodeGpus(labels, resource)).toMatchObject(expected);
});

// HAMi's device plugin offers each GPU as often as `devices.nvidia.deviceSplitCount` says, which is 10, and the labels count what is there
test.each<[string, Record<string, string>, number, object]>([
  [
    'HAMi',
    { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.count': '2' },
    20,
    { class: 'nvidia-l4-24gb', kind: 'shared', shares: 10, memoryBytes: (22.03 * gibibyte) / 10 },
  ],
  [
    'HAMi on a machine of Karpenter',
    { 'karpenter.k8s.aws/instance-gpu-name': 't4', 'karpenter.k8s.aws/instance-gpu-count': '1' },
    10,
    { class: 'nvidia-t4-16gb', kind: 'shared', shares: 10 },
  ],
  [
    'time slices are not counted twice',
    { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.count': '1', 'nvidia.com/gpu.replicas': '4' },
    4,
    { kind: 'shared', shares: 4 },
  ],
  [
    'one GPU of four is broken',
    { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.count': '4' },
    3,
    { kind: 'whole', shares: 1 },
  ],
  // Karpenter counts whole GPUs, and MIG with the strategy "single" makes seven of one
  [
    'MIG of one kind',
    { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb', 'karpenter.k8s.aws/instance-gpu-count': '8' },
    56,
    { kind: 'mig', shares: 1 },
  ],
])('a node that offers more GPUs than it has: %s', (_name, labels, offered, expected) => {
  expect(nodeGpus(labels, gpu, offered)).toMatchObject(expected);
});

test.each([
  [{ 'nvidia.com/gpu.product': 'NVIDIA-RTX-9' }, gpu],
  // a GPU that is no class yet, and one whose memory nothing says
  [{ 'node.kubernetes.io/instance-type': 'g7.2xlarge' }, gpu],
  [{ 'karpenter.azure.com/sku-gpu-name': 'A100' }, gpu],
  [{ 'gpu.nvidia.com/class': 'A40' }, gpu],
  [{ 'machine.cluster.vke.volcengine.com/gpu-name': 'Tesla-V100' }, gpu],
  [{ accelerator: 'nvidia-v100' }, gpu],
  [{}, 'amd.com/gpu'],
  // an eighth of an L4, which EC2 gives out as a machine
  [{ 'node.kubernetes.io/instance-type': 'g6f.xlarge' }, gpu],
  [{ 'karpenter.k8s.aws/instance-gpu-name': 'l4', 'karpenter.k8s.aws/instance-gpu-memory': '2861' }, gpu],
  // the labels of one vendor say nothing of another's device
  [{ 'nvidia.com/gpu.product': 'NVIDIA-L4' }, 'amd.com/gpu'],
])('%j is no class of %s', (labels, resource) => {
  expect(nodeGpus(labels, resource).class).toBeUndefined();
});

test.each([
  'google.com/tpu',
  'aws.amazon.com/neuron',
  'habana.ai/gaudi',
  'huawei.com/Ascend910',
  'aliyun.com/gpu-mem',
  'nvidia.com/gpumem',
  'volcano.sh/vgpu-number',
  'tencent.com/vcuda-core',
])('%s counts no GPUs', resource => {
  expect(isGpuResource(resource)).toBe(false);
});
