import type { FleetPool } from '@fairway/backstage-plugin-fairway-common';
import { revisionLabel } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { AskedPool } from '../cluster-views.ts';
import { fleetPools, Holders } from './fleet.ts';
import { countPools } from './gpu-pools.ts';
import { GpuUse } from './gpu-use.ts';
import { simulatedFleet } from './simulated-fleet.ts';
import { gpuNode, gpuPod } from './testing/gpu-cluster.ts';
import { keepClaim, keepSlice } from './watched-claims.ts';
import { keepNode } from './watched-node.ts';
import { keepPod } from './watched-pod.ts';

const owners = new Map([['models/chat', 'team-chat']]);

function fleetOf(objects: readonly KubernetesObject[], asked: AskedPool = {}, idle = new Map<string, boolean>()) {
  const kept = <T>(kind: string, keep: (object: KubernetesObject) => T | undefined) =>
    new Map(
      objects.flatMap(object => {
        const found = object.kind === kind ? keep(object) : undefined;
        return found === undefined
          ? []
          : [[`${object.metadata.namespace ?? ''}/${object.metadata.name}`, found] as const];
      }),
    );
  const pods = [...kept('Pod', keepPod).values()];
  const claims = kept('ResourceClaim', keepClaim);
  const use = new GpuUse();
  for (const pod of pods) use.podChanged(undefined, pod);
  for (const claim of claims.values()) use.claimChanged(undefined, claim);
  const state = { cluster: 'one', nodes: kept('Node', keepNode), slices: kept('ResourceSlice', keepSlice), claims };
  const holders = new Holders(owners);
  const pools = fleetPools({ ...state, pools: countPools({ ...state, use }), pods, idle }, asked, holders);
  return { pools, holders: holders.all };
}

const product = 'NVIDIA-H100-80GB-HBM3';
const ofService = (object: KubernetesObject, service: string): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: {
      'app.kubernetes.io/name': service,
      'app.kubernetes.io/managed-by': 'fairway',
      [revisionLabel]: '1a2b3c4d',
    },
  },
});
const nodesOf = (pool: FleetPool | undefined) => pool?.nodes?.map(({ name, state }) => [name, state]);

test('each node has its pods with who answers for them, and what DCGM saw of them', () => {
  const { pools, holders } = fleetOf(
    [
      gpuNode('a', { 'nvidia.com/gpu': 8 }, { product }),
      ofService(gpuPod('chat-1', 'a', 4), 'chat'),
      ofService(gpuPod('chat-2', 'a', 1), 'chat'),
      gpuPod('job', 'a', 2),
      gpuPod('done', 'a', 1, { phase: 'Succeeded' }),
    ],
    {},
    new Map([
      ['models/chat-1', false],
      ['models/job', true],
    ]),
  );
  expect(holders).toEqual([
    { namespace: 'models', service: 'chat', owner: 'team-chat' },
    { namespace: 'models', service: undefined, owner: undefined },
  ]);
  expect(pools[0]?.nodes?.[0]).toEqual({
    ...{ name: 'a', state: 'usable', taints: [], capacity: 8, allocatable: 8 },
    held: [
      { holder: 0, pod: 'models/chat-1', count: 4, idle: false },
      // DCGM has no figure of it: nobody knows
      { holder: 0, pod: 'models/chat-2', count: 1, idle: undefined },
      { holder: 1, pod: 'models/job', count: 2, idle: true },
    ],
  });
  expect(pools[0]?.byHolder).toEqual([
    { holder: 0, count: 5, idle: 0 },
    { holder: 1, count: 2, idle: 2 },
  ]);
});

test('a node says why it takes no pods', () => {
  const taint = { key: 'reserved', value: 'training', effect: 'NoSchedule' };
  const own = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  const { pools } = fleetOf([
    gpuNode('n10', { 'nvidia.com/gpu': 8 }, { product, cordoned: true, taints: [own] }),
    gpuNode('n9', { 'nvidia.com/gpu': 8 }, { product, ready: false }),
    gpuNode('n1', { 'nvidia.com/gpu': 8 }, { product, taints: [taint] }),
  ]);
  expect(nodesOf(pools[0])).toEqual([
    ['n1', 'usable'],
    ['n9', 'not-ready'],
    ['n10', 'cordoned'],
  ]);
  expect(pools[0]?.nodes?.map(({ taints }) => taints)).toEqual([['reserved=training:NoSchedule'], [], []]);
});

test('MIG instances and shares are parts of a GPU', () => {
  const { pools } = fleetOf([
    gpuNode('m', { 'nvidia.com/mig-3g.40gb': 16 }, { product }),
    gpuNode(
      's',
      { 'nvidia.com/gpu': 40 },
      { product: 'NVIDIA-L4-SHARED', labels: { 'nvidia.com/gpu.replicas': '10' } },
    ),
  ]);
  expect(pools.map(({ resource, part }) => [resource, part])).toEqual([
    ['nvidia.com/mig-3g.40gb', 3 / 7],
    ['nvidia.com/gpu', 0.1],
  ]);
});

test('a device of a DRA driver is held by the pod of the claim that got it', () => {
  const { pools, holders } = fleetOf([
    gpuNode('a', {}),
    {
      ...{ apiVersion: 'resource.k8s.io/v1', kind: 'ResourceSlice', metadata: { name: 's' } },
      spec: {
        ...{ driver: 'gpu.nvidia.com', nodeName: 'a', pool: { name: 'a', generation: 1 } },
        devices: ['gpu-0', 'gpu-1', 'gpu-2'].map(name => ({
          name,
          attributes: { productName: { string: 'NVIDIA H100 80GB HBM3' } },
        })),
      },
    } as KubernetesObject,
    {
      ...{ apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', metadata: { name: 'c', namespace: 'models' } },
      status: {
        allocation: {
          devices: {
            results: ['gpu-0', 'gpu-2'].map(device => ({ driver: 'gpu.nvidia.com', pool: 'a', device })),
          },
        },
      },
    } as KubernetesObject,
    ofService(gpuPod('chat-1', 'a', 0, { claim: 'c' }), 'chat'),
  ]);
  expect(pools[0]).toMatchObject({ source: 'dra', requested: 2, nodeCount: 1 });
  expect(pools[0]?.nodes).toEqual([
    {
      ...{ name: 'a', state: 'usable', taints: [], capacity: 3, allocatable: 3 },
      held: [{ holder: 0, pod: 'models/chat-1', count: 2, idle: undefined }],
    },
  ]);
  expect(holders[0]?.service).toBe('chat');
});

test('a pool of more than 100 nodes is a sum, unless it is asked for', () => {
  const many = Array.from({ length: 101 }, (_, index) => gpuNode(`n${index}`, { 'nvidia.com/gpu': 8 }, { product }));
  const objects = [
    ...many,
    gpuNode('l', { 'nvidia.com/gpu': 4 }, { product: 'NVIDIA-L4' }),
    ofService(gpuPod('chat-1', 'n7', 8), 'chat'),
  ];
  const [h100, l4] = fleetOf(objects).pools;
  expect([h100?.nodes, h100?.nodeCount, h100?.byHolder]).toEqual([undefined, 101, [{ holder: 0, count: 8, idle: 0 }]]);
  expect(l4?.nodes).toHaveLength(1);
  const asked = fleetOf(objects, { class: 'nvidia-h100-80gb', resource: 'nvidia.com/gpu' }).pools[0];
  expect(asked?.nodes).toHaveLength(101);
});

test('the simulated fleet says so, has 200 GPUs, and what holds them fits into its nodes', () => {
  const { simulated, pools } = simulatedFleet({});
  expect(simulated).toBe(true);
  expect(Math.round(pools.reduce((sum, { installed, part }) => sum + installed * part, 0))).toBe(200);
  for (const node of pools.flatMap(({ nodes = [] }) => nodes))
    expect(node.held.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(node.allocatable);
  // every kind of cell that the page draws
  expect(pools.flatMap(({ nodes = [] }) => nodes).some(({ state }) => state === 'cordoned')).toBe(true);
  expect(pools.some(({ byHolder }) => byHolder.some(({ idle }) => idle > 0))).toBe(true);
  expect(pools.some(({ waiting }) => waiting > 0)).toBe(true);
});
