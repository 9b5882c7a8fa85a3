import type { Cluster } from '@fairway/clients/kubernetes/index';
import { each } from './each.ts';

/** Products of the nodes in turn, with the devices of one. */
const kinds = [
  { product: 'NVIDIA-H100-80GB-HBM3', devices: { 'nvidia.com/gpu': 8 } },
  { product: 'NVIDIA-H200', devices: { 'nvidia.com/gpu': 8 } },
  { product: 'NVIDIA-A100-SXM4-80GB', devices: { 'nvidia.com/gpu': 8 } },
  { product: 'NVIDIA-L4', devices: { 'nvidia.com/gpu': 8 } },
  { product: 'NVIDIA-A100-SXM4-40GB', devices: { 'nvidia.com/gpu': 0, 'nvidia.com/mig-1g.5gb': 56 } },
] as const;

/** Out of 100 pods: 55 hold a device, 44 need none, 1 waits for one. */
const holding = 55;
const waiting = 1;

const namespaces = 50;

/** Fills a cluster with nodes of simulated GPU classes and with pods as large as those of a service. */
export async function makeGpuFleet(cluster: Cluster, nodes: number, pods: number): Promise<void> {
  await each(namespaces, index => post(cluster, '/api/v1/namespaces', { metadata: { name: namespace(index) } }));
  await each(nodes, index => post(cluster, '/api/v1/nodes', node(index)));
  await each(pods, async index => {
    const path = `/api/v1/namespaces/${namespace(index)}/pods`;
    await post(cluster, path, pod(index, nodes));
    if (!waits(index)) return;
    const message = `0/${nodes} nodes are available: ${nodes} Insufficient nvidia.com/gpu. preemption: 0/${nodes} nodes are available.`;
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    await cluster.text('PATCH', `${path}/pod-${index}/status`, {
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { conditions: [condition] } },
    });
  });
}

export function nodeName(index: number): string {
  return `gpu-node-${index}`;
}

function namespace(index: number): string {
  return `team-${index % namespaces}`;
}

function waits(index: number): boolean {
  return lot(index) >= 100 - waiting;
}

/** 0 to 99, spread over the nodes and the same in every run. */
function lot(index: number): number {
  return ((index * 2_654_435_761) >>> 0) % 100;
}

function node(index: number) {
  const { product, devices } = kinds[index % kinds.length] ?? kinds[0];
  const counts = Object.fromEntries(Object.entries(devices).map(([resource, count]) => [resource, String(count)]));
  const resources = { cpu: '128', memory: '1024Gi', pods: '250', 'ephemeral-storage': '3Ti', ...counts };
  const conditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map(type => ({
    type,
    status: type === 'Ready' ? 'True' : 'False',
    reason: `Kubelet${type}`,
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: '2026-01-01T00:00:00Z',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
  const images = Array.from({ length: 20 }, (_, image) => ({
    names: [`registry.example.com/team/image-${image}@sha256:${'0'.repeat(64)}`],
    sizeBytes: 5_000_000_000 + image,
  }));
  return {
    metadata: {
      name: nodeName(index),
      labels: { 'nvidia.com/gpu.product': product, 'kubernetes.io/hostname': nodeName(index) },
    },
    status: { capacity: resources, allocatable: resources, conditions, images },
  };
}

function pod(index: number, nodes: number) {
  const kind = kinds[index % kinds.length] ?? kinds[0];
  const resource = Object.entries(kind.devices).find(([, count]) => count > 0)?.[0] ?? 'nvidia.com/gpu';
  const device = lot(index) < holding || waits(index) ? { [resource]: '1' } : {};
  const labels = { 'app.kubernetes.io/name': `service-${index % 500}`, 'pod-template-hash': '748cfc8955' };
  const probe = { httpGet: { path: '/health', port: 8000 }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 };
  const env = Array.from({ length: 20 }, (_, number) => ({
    name: `SETTING_${number}`,
    value: `value of setting number ${number}`,
  }));
  return {
    metadata: { name: `pod-${index}`, labels, annotations: { 'prometheus.io/scrape': 'true' } },
    spec: {
      // a node of the same kind, so that what it holds is there
      nodeName: waits(index) ? undefined : nodeName(index % nodes),
      terminationGracePeriodSeconds: 600,
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      containers: [
        {
          name: 'engine',
          image: `registry.example.com/team/service-${index % 500}@sha256:${'0'.repeat(64)}`,
          args: ['--model=/model', '--max-model-len=8192', '--port=8000'],
          env,
          resources: { requests: { cpu: '8', memory: '64Gi', ...device }, limits: { memory: '64Gi', ...device } },
          startupProbe: probe,
          readinessProbe: probe,
          livenessProbe: probe,
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }],
    },
  };
}

async function post(cluster: Cluster, path: string, body: unknown): Promise<void> {
  await cluster.text('POST', path, { body });
}
