import { gpuAffinity } from './gpu-nodes.ts';
import { holdsFor } from './label-selector.ts';
import type { LabelExpression } from './label-selector.ts';
import { deviceOf } from './mig.ts';
import type { AskedGpu } from './mig.ts';

type Labels = Readonly<Record<string, string>>;

/** As the scheduler reads it: terms are alternatives, all expressions of one must hold, and NotIn holds for a node without the label. */
function takes(asked: string | AskedGpu, labels: Labels): boolean {
  const gpu = deviceOf(typeof asked === 'string' ? { class: asked } : asked);
  if (!gpu) throw new Error(`no class ${JSON.stringify(asked)}`);
  const { nodeAffinity } = gpuAffinity(gpu) as {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: readonly { matchExpressions: readonly LabelExpression[] }[];
      };
    };
  };
  return nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.some(term =>
    term.matchExpressions.every(expression => {
      // for one that it does not know it says no, which is what half of these tests expect
      expect(['In', 'NotIn', 'DoesNotExist']).toContain(expression.operator);
      return holdsFor(expression, labels);
    }),
  );
}

const karpenterL4 = { 'karpenter.k8s.aws/instance-gpu-name': 'l4', 'karpenter.k8s.aws/instance-gpu-memory': '22888' };
const aksA100 = { 'node.kubernetes.io/instance-type': 'Standard_NC24ads_A100_v4' };
const gkeL4 = { 'cloud.google.com/gke-accelerator': 'nvidia-l4' };
const mi300x = { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM' };
const whole = { 'nvidia.com/gpu.replicas': '1', 'nvidia.com/gpu.sharing-strategy': 'none' };

test.each<[string, string, Labels]>([
  ['feature discovery', 'nvidia-l4-24gb', { 'nvidia.com/gpu.product': 'NVIDIA-L4', ...whole }],
  ['Karpenter alone', 'nvidia-l4-24gb', karpenterL4],
  [
    'Karpenter with feature discovery',
    'nvidia-l4-24gb',
    { ...karpenterL4, 'nvidia.com/gpu.product': 'NVIDIA-L4', ...whole },
  ],
  ['AKS alone', 'nvidia-a100-80gb', aksA100],
  // a name of the product that nobody has listed yet
  [
    'AKS with another product',
    'nvidia-a100-80gb',
    { ...aksA100, 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM-64GB', ...whole },
  ],
  ['GKE', 'nvidia-l4-24gb', gkeL4],
  ['AMD', 'amd-mi300x-192gb', mi300x],
  ['AMD that could be divided', 'amd-mi300x-192gb', { ...mi300x, 'amd.com/compute-memory-partition': 'spx_nps1' }],
  ['EKS Auto Mode', 'nvidia-t4-16gb', { 'eks.amazonaws.com/instance-gpu-name': 't4' }],
  ['a node group of EKS', 'nvidia-h100-80gb', { 'node.kubernetes.io/instance-type': 'p5.48xlarge' }],
  ['OKE', 'nvidia-a10-24gb', { 'node.kubernetes.io/instance-type': 'VM.GPU.A10.1' }],
  ['ACK', 'nvidia-a10-24gb', { 'aliyun.accelerator/nvidia_name': 'NVIDIA-A10' }],
])('%s: whole devices', (_name, gpu, labels) => {
  expect(takes(gpu, labels)).toBe(true);
});

// labels as NVIDIA's guides of the GPU operator show them for time slices, MPS and the MIG strategy "single"
const shared = { 'nvidia.com/gpu.product': 'NVIDIA-L4-SHARED', 'nvidia.com/gpu.replicas': '4' };
const mig = {
  'nvidia.com/mig.strategy': 'single',
  'nvidia.com/gpu.product': 'NVIDIA-A100-80GB-PCIe-MIG-1g.10gb',
  'nvidia.com/gpu.slices.ci': '1',
  'nvidia.com/gpu.slices.gi': '1',
  'nvidia.com/gpu.count': '7',
};

test.each<[string, string, Labels]>([
  ['time slices', 'nvidia-l4-24gb', shared],
  ['time slices of Karpenter', 'nvidia-l4-24gb', { ...karpenterL4, ...shared }],
  ['MPS of Karpenter', 'nvidia-l4-24gb', { ...karpenterL4, ...shared, 'nvidia.com/gpu.sharing-strategy': 'mps' }],
  [
    'time slices of AKS with a product that nobody has listed',
    'nvidia-a100-80gb',
    {
      ...aksA100,
      'nvidia.com/gpu.product': 'NVIDIA-A100-SXM-64GB-SHARED',
      'nvidia.com/gpu.sharing-strategy': 'time-slicing',
    },
  ],
  ['MIG', 'nvidia-a100-80gb', mig],
  ['MIG of AKS', 'nvidia-a100-80gb', { ...aksA100, ...mig }],
  ['time slices of GKE by feature discovery', 'nvidia-l4-24gb', { ...gkeL4, ...shared }],
  ['time slices of GKE', 'nvidia-l4-24gb', { ...gkeL4, 'cloud.google.com/gke-gpu-sharing-strategy': 'time-sharing' }],
  ['a partition of GKE', 'nvidia-l4-24gb', { ...gkeL4, 'cloud.google.com/gke-gpu-partition-size': '1g.5gb' }],
  ['parts of AMD', 'amd-mi300x-192gb', { ...mi300x, 'amd.com/compute-memory-partition': 'cpx_nps4' }],
  ['another class', 'nvidia-l4-24gb', { 'nvidia.com/gpu.product': 'NVIDIA-A10' }],
])('%s: not whole devices of the class', (_name, gpu, labels) => {
  expect(takes(gpu, labels)).toBe(false);
});

const instance = (strategy: 'mixed' | 'single'): AskedGpu => ({
  class: 'nvidia-a100-80gb',
  mig: { profile: '1g.10gb', strategy },
});
// as the guide of the GPU operator shows a node with the strategy "mixed"
const mixed = {
  'nvidia.com/gpu.product': 'NVIDIA-A100-80GB-PCIe',
  'nvidia.com/mig.strategy': 'mixed',
  'nvidia.com/mig-1g.10gb.product': 'NVIDIA-A100-80GB-PCIe-MIG-1g.10gb',
  'nvidia.com/mig-1g.10gb.count': '2',
};
const gkeA100 = { 'cloud.google.com/gke-accelerator': 'nvidia-a100-80gb' };
const partition = { 'cloud.google.com/gke-gpu-partition-size': '1g.10gb' };

test.each<[string, AskedGpu, Labels, boolean]>([
  ['of a node with several profiles', instance('mixed'), mixed, true],
  ['in time slices', instance('mixed'), { ...mixed, 'nvidia.com/mig-1g.10gb.sharing-strategy': 'time-slicing' }, false],
  ['of a node with one profile', instance('single'), mig, true],
  ['of a node of AKS with one profile', instance('single'), { ...aksA100, ...mig }, true],
  [
    'of another profile',
    instance('single'),
    { ...mig, 'nvidia.com/gpu.product': 'NVIDIA-A100-80GB-PCIe-MIG-3g.40gb' },
    false,
  ],
  ['of GKE', instance('single'), { ...gkeA100, ...partition }, true],
  [
    'of GKE in time slices',
    instance('single'),
    { ...gkeA100, ...partition, 'cloud.google.com/gke-gpu-sharing-strategy': 'time-sharing' },
    false,
  ],
  ['where GPUs are whole', instance('single'), { 'nvidia.com/gpu.product': 'NVIDIA-A100-80GB-PCIe', ...whole }, false],
  ['where GPUs of GKE are whole', instance('single'), gkeA100, false],
])('a MIG instance %s', (_name, asked, labels, expected) => {
  expect(takes(asked, labels)).toBe(expected);
});
