import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject, Pod } from '@fairway/clients/kubernetes/index';
import { diagnosePod } from '@fairway/clients/kubernetes/diagnosis/diagnosis';
import { engineProfile } from '@fairway/engines';
import { claimTemplate } from '@fairway/targets/workload/claims';
import { podSpec, versionObjects } from '../../actions/deploy/src/objects.ts';
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { startControllerManager, startProgram, until } from '../controllers.ts';
import { tinyService } from '../fixtures/service.ts';

jest.setTimeout(300_000);

const namespace = 'placed';
const running: { stop(): Promise<void> }[] = [];
let root: string;
let server: BareApiServer;

interface NodeOf {
  readonly labels: Readonly<Record<string, string>>;
  readonly devices?: Readonly<Record<string, string>>;
  readonly taint?: { readonly key: string; readonly value: string };
}

// labels, taints and resources as each kind of cluster has them, each node of another class
const nodes: Readonly<Record<string, NodeOf>> = {
  gke: {
    labels: { 'cloud.google.com/gke-accelerator': 'nvidia-l4', 'cloud.google.com/gke-accelerator-count': '1' },
    devices: { 'nvidia.com/gpu': '1' },
    taint: { key: 'nvidia.com/gpu', value: 'present' },
  },
  'gke-arm': {
    labels: { 'cloud.google.com/gke-accelerator': 'nvidia-gb200', 'kubernetes.io/arch': 'arm64' },
    devices: { 'nvidia.com/gpu': '4' },
    taint: { key: 'kubernetes.io/arch', value: 'arm64' },
  },
  karpenter: {
    labels: { 'karpenter.k8s.aws/instance-gpu-name': 't4', 'karpenter.k8s.aws/instance-gpu-memory': '16384' },
    devices: { 'nvidia.com/gpu': '1' },
    taint: { key: 'nvidia.com/gpu', value: 'true' },
  },
  'eks-auto': {
    labels: { 'eks.amazonaws.com/instance-gpu-name': 'l40s', 'eks.amazonaws.com/compute-type': 'auto' },
    devices: { 'nvidia.com/gpu': '4' },
  },
  'eks-group': {
    labels: { 'node.kubernetes.io/instance-type': 'p5.48xlarge', 'eks.amazonaws.com/nodegroup': 'gpus' },
    devices: { 'nvidia.com/gpu': '8' },
  },
  aks: {
    labels: {
      'node.kubernetes.io/instance-type': 'Standard_NC24ads_A100_v4',
      'kubernetes.azure.com/accelerator': 'nvidia',
    },
    devices: { 'nvidia.com/gpu': '1' },
    taint: { key: 'sku', value: 'gpu' },
  },
  openshift: {
    labels: {
      'node.openshift.io/os_id': 'rhcos',
      'nvidia.com/gpu.product': 'NVIDIA-A30',
      'nvidia.com/gpu.replicas': '1',
    },
    devices: { 'nvidia.com/gpu': '2' },
  },
  mig: {
    labels: { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-40GB', 'nvidia.com/mig.strategy': 'mixed' },
    devices: { 'nvidia.com/gpu': '0', 'nvidia.com/mig-3g.20gb': '2' },
  },
  slices: {
    labels: { 'nvidia.com/gpu.product': 'NVIDIA-A10G-SHARED', 'nvidia.com/gpu.replicas': '4' },
    devices: { 'nvidia.com/gpu': '4' },
  },
  claims: { labels: { 'nvidia.com/gpu.product': 'NVIDIA-H200' } },
  amd: {
    labels: { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM', 'amd.com/compute-memory-partition': 'spx_nps1' },
    devices: { 'amd.com/gpu': '8' },
    taint: { key: 'amd.com/gpu', value: 'true' },
  },
  'amd-parts': {
    labels: { 'amd.com/gpu.device-id': '74a5', 'amd.com/compute-memory-partition': 'cpx_nps4' },
    devices: { 'amd.com/gpu': '64' },
  },
};

beforeAll(async () => {
  const parts = await bringParts(['kubernetes']);
  const programs = parts.get('kubernetes')!;
  root = await mkdtemp(join(tmpdir(), 'fairway-scheduling-'));
  server = await startBareApiServer(programs, root);
  const { cluster } = server;
  await applyObjects(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  for (const [name, { labels, devices = {}, taint }] of Object.entries(nodes)) {
    const allocatable = { cpu: '64', memory: '512Gi', pods: '110', 'ephemeral-storage': '100Gi', ...devices };
    await cluster.text('POST', '/api/v1/nodes', {
      body: { metadata: { name, labels }, status: { capacity: allocatable, allocatable } },
    });
    // the server taints a new node as one that is not ready
    await cluster.request('PATCH', `/api/v1/nodes/${name}`, {
      body: { spec: { taints: taint ? [{ ...taint, effect: 'NoSchedule' }] : [] } },
      contentType: 'application/merge-patch+json',
    });
  }
  await giveDevices();
  running.push(
    startControllerManager(programs, root, server.kubeconfig),
    startProgram(root, join(programs, 'kube-scheduler'), [
      `--kubeconfig=${server.kubeconfig}`,
      '--leader-elect=false',
      '--secure-port=0',
    ]),
  );
});

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

/** What the driver of the node `claims` publishes, and the class by which its devices are asked for. */
async function giveDevices(): Promise<void> {
  const driver = 'gpu.nvidia.com';
  await applyObjects(server.cluster, [
    {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      metadata: { name: driver },
      spec: { selectors: [{ cel: { expression: `device.driver == "${driver}"` } }] },
    },
    {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceSlice',
      metadata: { name: 'claims-gpus' },
      spec: {
        driver,
        nodeName: 'claims',
        pool: { name: 'claims', generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'gpu-0' }, { name: 'gpu-1' }],
      },
    },
  ]);
}

/** The pod of a version as `deploy` makes it, without what would make it. */
async function place(name: string, gpu: object): Promise<() => Promise<Pod | undefined>> {
  const service = tinyService({ name, namespace, engine: { name: 'vllm' }, resources: { gpu } });
  const profile = engineProfile('vllm');
  const spec = podSpec(service, profile, `registry.example/llm@sha256:${'0'.repeat(64)}`, undefined);
  const [workload] = versionObjects(service, profile, '1a2b3c4d', spec, 1, undefined);
  const { template } = (workload as KubernetesObject & { spec: { template: { spec: object } } }).spec;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: template.spec };
  await applyObjects(server.cluster, [...claimTemplate(service, '1a2b3c4d'), pod]);
  return () => server.cluster.get<Pod>(pod);
}

test.each<[string, object]>([
  ['gke', { class: 'nvidia-l4-24gb' }],
  ['gke-arm', { class: 'nvidia-gb200-186gb', count: 4 }],
  ['karpenter', { class: 'nvidia-t4-16gb' }],
  ['eks-auto', { class: 'nvidia-l40s-48gb', count: 4 }],
  ['eks-group', { class: 'nvidia-h100-80gb', count: 8 }],
  ['aks', { class: 'nvidia-a100-80gb' }],
  ['openshift', { class: 'nvidia-a30-24gb', count: 2 }],
  ['mig', { class: 'nvidia-a100-40gb', mig: { profile: '3g.20gb' } }],
  ['claims', { class: 'nvidia-h200-141gb', count: 2, deviceClass: 'gpu.nvidia.com' }],
  ['amd', { class: 'amd-mi300x-192gb', count: 8 }],
])('a pod comes to the node %s', async (node, gpu) => {
  const pod = await place(`to-${node}`, gpu);
  await until(`the place of to-${node}`, async () => (await pod())?.spec?.nodeName !== undefined);
  expect((await pod())?.spec?.nodeName).toBe(node);
});

const otherClass = 'another GPU class, or without the labels asked for';

// after those above, which hold what they got
test.each<[string, object, string]>([
  ['that is shared by time', { class: 'nvidia-a10-24gb' }, otherClass],
  ['that is divided', { class: 'amd-mi325x-256gb' }, otherClass],
  ['that nobody has', { class: 'nvidia-b200-180gb' }, otherClass],
  [
    'of which there are too few',
    { class: 'nvidia-l4-24gb', count: 2 },
    'No node has 2 free GPUs of the class asked for (nvidia.com/gpu)',
  ],
  [
    'that others claim',
    { class: 'nvidia-h200-141gb', deviceClass: 'gpu.nvidia.com' },
    'no free device that its ResourceClaims ask for',
  ],
])('a pod for a GPU %s is diagnosed', async (what, gpu, words) => {
  const name = `for-${what.replaceAll(' ', '-')}`;
  const pod = await place(name, gpu);
  const cause = async () => {
    const found = await pod();
    return (found && diagnosePod(found, [])?.cause) ?? '';
  };
  await until(`"${words}" of ${name}`, async () => (await cause()).includes(words));
  expect((await pod())?.spec?.nodeName).toBeUndefined();
});
