import { revisionLabel } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { Fleet } from '@fairway/backstage-plugin-fairway-common';
import type { AskedPool } from '../cluster-views.ts';
import { fleetPools, Holders } from './fleet.ts';
import { countPools } from './gpu-pools.ts';
import { GpuUse } from './gpu-use.ts';
import { keepNode } from './watched-node.ts';
import { keepPod } from './watched-pod.ts';

const cluster = 'simulated';

/** Kinds of nodes, how many there are, and the devices of one. */
const kinds = [
  { name: 'h100', product: 'NVIDIA-H100-80GB-HBM3', nodes: 12, devices: { 'nvidia.com/gpu': 8 } },
  { name: 'a100', product: 'NVIDIA-A100-SXM4-80GB', nodes: 7, devices: { 'nvidia.com/gpu': 8 } },
  { name: 'l4', product: 'NVIDIA-L4', nodes: 9, devices: { 'nvidia.com/gpu': 4 } },
  { name: 'mig', product: 'NVIDIA-A100-SXM4-40GB', nodes: 1, devices: { 'nvidia.com/mig-1g.5gb': 56 } },
  { name: 'shared', product: 'NVIDIA-L4-SHARED', nodes: 1, devices: { 'nvidia.com/gpu': 16 } },
] as const;

/** Services, their teams, and the GPUs that each of their pods holds on nodes of a kind. */
export const simulatedServices = [
  { name: 'chat', team: 'team-assistant', kind: 'h100', gpus: 8, pods: 5 },
  { name: 'code', team: 'team-assistant', kind: 'h100', gpus: 4, pods: 6 },
  { name: 'summaries', team: 'team-documents', kind: 'h100', gpus: 2, pods: 5 },
  { name: 'translation', team: 'team-documents', kind: 'a100', gpus: 2, pods: 9 },
  { name: 'vision', team: 'team-media', kind: 'a100', gpus: 4, pods: 4 },
  { name: 'speech', team: 'team-media', kind: 'l4', gpus: 1, pods: 11 },
  { name: 'embeddings', team: 'team-search', kind: 'l4', gpus: 1, pods: 9 },
  { name: 'reranking', team: 'team-search', kind: 'mig', gpus: 1, pods: 31 },
  { name: 'moderation', team: 'team-trust', kind: 'mig', gpus: 1, pods: 12 },
  { name: 'experiments', team: 'team-research', kind: 'shared', gpus: 1, pods: 9 },
] as const;

/** Pods that hold GPUs and let them idle, that are too large for what is free, and nodes with something to say. */
export const idlePods: ReadonlySet<string> = new Set(['code-4', 'code-5', 'vision-3', 'speech-10', 'experiments-8']);
const waiting = [{ name: 'chat-canary', service: 'chat', kind: 'h100', gpus: 8 }] as const;
const cordoned = 'h100-11';
const broken = { node: 'a100-6', devices: 2 };
const tainted = { node: 'h100-12', taint: { key: 'reserved', value: 'training', effect: 'NoSchedule' } };

/** A fleet of 200 GPUs that does not exist, counted by the code that counts those that do. */
export function simulatedFleet(asked: AskedPool): Fleet {
  const nodes = new Map(nodeObjects().map(object => [`/${object.metadata.name}`, keepNode(object)]));
  const pods = podObjects()
    .map(keepPod)
    .filter(pod => pod !== undefined);
  const use = new GpuUse();
  for (const pod of pods) use.podChanged(undefined, pod);
  const state = { cluster, nodes, slices: new Map(), claims: new Map() };
  const holders = new Holders(new Map(simulatedServices.map(({ name, team }) => [`models/${name}`, team])));
  const pools = fleetPools(
    {
      ...state,
      pools: countPools({ ...state, use }),
      pods,
      idle: new Map(pods.map(({ namespace, name }) => [`${namespace}/${name}`, idlePods.has(name)])),
    },
    asked,
    holders,
  );
  return {
    simulated: true,
    clusters: [{ name: cluster, state: 'live' }],
    measured: true,
    holders: holders.all,
    pools: [...pools],
  };
}

/** Its nodes, as an API server would give them. */
export function nodeObjects(): readonly KubernetesObject[] {
  return kinds.flatMap(({ name: kind, product, nodes, devices }) =>
    Array.from({ length: nodes }, (_, index): KubernetesObject => {
      const name = `${kind}-${index + 1}`;
      const counts = Object.fromEntries(Object.entries(devices).map(([resource, count]) => [resource, String(count)]));
      const lost = name === broken.node ? { 'nvidia.com/gpu': String(8 - broken.devices) } : {};
      return {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'nvidia.com/gpu.product': product,
            ...(product.endsWith('-SHARED') ? { 'nvidia.com/gpu.replicas': '4' } : {}),
          },
        },
        spec: { unschedulable: name === cordoned, taints: name === tainted.node ? [tainted.taint] : [] },
        status: {
          capacity: counts,
          allocatable: { cpu: '128', memory: '1Ti', ...counts, ...lost },
          conditions: [{ type: 'Ready', status: 'True' }],
        },
      } as KubernetesObject;
    }),
  );
}

/** Its pods, each on the first node of its kind that has room. */
export function podObjects(): readonly KubernetesObject[] {
  const free = new Map(
    kinds.flatMap(({ name, nodes, devices }) => {
      const [resource = '', count = 0] = Object.entries(devices)[0] ?? [];
      return Array.from({ length: nodes }, (_, index) => [
        `${name}-${index + 1}`,
        { kind: name, resource, left: count },
      ]);
    }) as [string, { kind: string; resource: string; left: number }][],
  );
  const placed = simulatedServices.flatMap(({ name, kind, gpus, pods }) =>
    Array.from({ length: pods }, (_, index) => {
      const [node, room] = [...free].find(([, one]) => one.kind === kind && one.left >= gpus) ?? [];
      if (room) room.left -= gpus;
      return pod(`${name}-${index}`, name, node, room?.resource ?? 'nvidia.com/gpu', gpus);
    }),
  );
  const waits = waiting.map(({ name, service, gpus }) =>
    pod(name, service, undefined, 'nvidia.com/gpu', gpus, kinds.find(({ name: kind }) => kind === 'h100')?.product),
  );
  return [...placed, ...waits];
}

function pod(
  name: string,
  service: string,
  node: string | undefined,
  resource: string,
  gpus: number,
  product?: string,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'models',
      labels: {
        'app.kubernetes.io/name': service,
        'app.kubernetes.io/managed-by': 'fairway',
        [revisionLabel]: '1a2b3c4d',
      },
      creationTimestamp: '2026-11-26T08:00:00Z',
    },
    spec: {
      nodeName: node,
      containers: [{ name: 'engine', resources: { limits: { [resource]: String(gpus) } } }],
      nodeSelector: product === undefined ? undefined : { 'nvidia.com/gpu.product': product },
    },
    status: { phase: node === undefined ? 'Pending' : 'Running' },
  } as KubernetesObject;
}
