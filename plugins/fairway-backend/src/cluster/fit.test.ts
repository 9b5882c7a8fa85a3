import type { AskedFacts } from '../models/asked-models.ts';
import { answerFit } from './fit.ts';
import { fittingClasses } from './fitting-classes.ts';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { fitClusterOf, gpuNode, gpuPod } from './testing/gpu-cluster.ts';
import { WatchedQueues } from './watched-queues.ts';

const h100 = { product: 'NVIDIA-H100-80GB-HBM3' };
const gpu = 'nvidia.com/gpu';
const question = {
  // the shape of Llama 3.1 8B in BF16
  model: { bytes: 16_060_522_496, layers: 32, kvHeads: 8, headDim: 128 },
  contextLength: 8192,
  sequences: 16,
  gpuClass: 'nvidia-h100-80gb',
  gpusPerReplica: 2,
  replicas: 3,
};
const model: AskedFacts = {
  bytes: 16_060_522_496,
  kvHeads: 8,
  cache: [{ kind: 'attention', layers: 32, kvHeads: 8, keyDim: 128, valueDim: 128 }],
};
const clusters = [
  fitClusterOf([gpuNode('s', { [gpu]: 3 }, h100), gpuNode('other', { [gpu]: 8 }, { product: 'NVIDIA-L4' })], 'small'),
  fitClusterOf([gpuNode('a', { [gpu]: 8 }, h100), gpuNode('b', { [gpu]: 8 }, h100), gpuPod('p', 'b', 3)], 'large'),
];

test('names the clusters with room, and the nodes that the replicas would get', () => {
  const answer = answerFit(question, model, clusters);
  expect(answer).toMatchObject({ memoryFits: true, fits: true });
  expect(answer.sentence).toMatch(/^It fits: on each GPU weights 7.5 GiB/);
  expect(answer.places).toEqual([
    { cluster: 'large', replicas: 6, nodes: ['a'] },
    { cluster: 'small', replicas: 1, nodes: ['s'] },
  ]);
});

test('a service lies in one cluster, so the rooms of two are not added', () => {
  expect(answerFit({ ...question, replicas: 7 }, model, clusters).fits).toBe(false);
});

test('a model that is larger than its GPUs does not fit, whatever is free', () => {
  const answer = answerFit({ ...question, contextLength: 200_000, sequences: 64 }, model, clusters);
  expect(answer).toMatchObject({ memoryFits: false, fits: false });
  expect(answer.sentence).toMatch(/^It does not fit/);
});

const taint = (key: string, value?: string) => ({ taints: [{ key, value, effect: 'NoSchedule' }] });

test.each<[string, readonly KubernetesObject[], number]>([
  ['a cordoned node', [gpuNode('n', { [gpu]: 8 }, { ...h100, cordoned: true })], 0],
  ['a taint of its own', [gpuNode('n', { [gpu]: 8 }, { ...h100, ...taint('team', 'other') })], 0],
  ['the taint of GPU nodes', [gpuNode('n', { [gpu]: 8 }, { ...h100, ...taint(gpu, 'present') })], 4],
  ["AKS's taint", [gpuNode('n', { [gpu]: 8 }, { ...h100, ...taint('sku', 'gpu') })], 4],
  ['little memory', [gpuNode('n', { [gpu]: 8 }, { ...h100, memory: '70Gi' })], 2],
  [
    'memory that pods without a GPU hold',
    [gpuNode('n', { [gpu]: 8 }, { ...h100, memory: '70Gi' }), gpuPod('p', 'n', 0, { requests: { memory: '30Gi' } })],
    1,
  ],
  [
    'a GPU in shares',
    [
      gpuNode(
        'n',
        { [gpu]: 8 },
        { product: 'NVIDIA-H100-80GB-HBM3-SHARED', labels: { 'nvidia.com/gpu.replicas': '8' } },
      ),
    ],
    0,
  ],
  ['MIG instances', [gpuNode('n', { [gpu]: 7 }, { product: 'NVIDIA-H100-80GB-HBM3-MIG-1g.10gb' })], 0],
  [
    'a node of GKE',
    [gpuNode('n', { [gpu]: 8 }, { labels: { 'cloud.google.com/gke-accelerator': 'nvidia-h100-80gb' } })],
    4,
  ],
  [
    'a node of AKS',
    [gpuNode('n', { [gpu]: 8 }, { labels: { 'node.kubernetes.io/instance-type': 'Standard_ND96isr_H100_v5' } })],
    4,
  ],
])('%s has room for the replicas that would start', (_name, objects, replicas) => {
  const answer = answerFit({ ...question, replicas: 1, memory: '32Gi' }, model, [fitClusterOf(objects)]);
  expect(answer.places[0]?.replicas ?? 0).toBe(replicas);
});

test('a LimitRange of the namespace denies pods, and one that is not seen is said', () => {
  const limits: KubernetesObject = {
    ...{ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'small', namespace: 'team' } },
    spec: { limits: [{ type: 'Container', max: { memory: '8Gi' } }] },
  };
  const cluster = fitClusterOf([gpuNode('n', { [gpu]: 8 }, h100), limits]);
  const answer = (namespace?: string) =>
    answerFit({ ...question, memory: '64Gi', ...(namespace && { namespace }) }, model, [cluster]);
  expect([answer().fits, answer('other').fits, answer('team').fits]).toEqual([true, true, false]);
  expect(answer('team').remarks?.map(({ sentence }) => sentence)).toEqual([
    'A LimitRange of the namespace team on one denies the pods: a container may have 8Gi of memory at most.',
  ]);
  const unseen = answerFit({ ...question, namespace: 'team' }, model, [{ ...cluster, limits: () => undefined }]);
  expect(unseen).toMatchObject({ fits: true, remarks: [{ coded: { code: 'fit.limitsUnseen' } }] });
});

test('a quota counts in its namespace', () => {
  const quota: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'team' },
    status: {
      hard: { 'requests.nvidia.com/gpu': '6', pods: '10' },
      used: { 'requests.nvidia.com/gpu': '3', pods: '1' },
    },
  };
  const cluster = fitClusterOf([gpuNode('n', { [gpu]: 8 }, h100), quota]);
  const replicas = (namespace?: string) =>
    answerFit({ ...question, replicas: 1, namespace }, model, [cluster]).places[0]?.replicas;
  expect([replicas(), replicas('team'), replicas('other')]).toEqual([4, 1, 4]);
  // https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes
  const ofJobs = { ...quota, spec: { scopes: ['Terminating'] } };
  const beside = fitClusterOf([gpuNode('n', { [gpu]: 8 }, h100), ofJobs]);
  expect(answerFit({ ...question, replicas: 1, namespace: 'team' }, model, [beside]).places[0]?.replicas).toBe(4);
});

describe('with a queue', () => {
  const queue = { cluster: 'one', namespace: 'team', name: 'gpus' };
  const kueue = (kind: string, name: string, spec: object, more: object = {}): KubernetesObject => ({
    ...{ apiVersion: 'kueue.x-k8s.io/v1beta2', kind, metadata: { name } },
    ...{ spec, ...more },
  });
  const quotas = ['nvidia.com/gpu', 'cpu', 'memory'].map((name, index) => ({
    name,
    nominalQuota: ['8', '100', '1Ti'][index],
  }));
  const resourceGroups = [
    { coveredResources: quotas.map(({ name }) => name), flavors: [{ name: 'h100', resources: quotas }] },
  ];
  const reserved = (total: string) => ({
    status: {
      flavorsReservation: [{ name: 'h100', resources: [{ name: gpu, total }] }],
      pendingWorkloads: 3,
    },
  });
  const objects = (spec: object = {}, status: object = {}): KubernetesObject[] => [
    gpuNode('n', { [gpu]: 8 }, h100),
    { ...kueue('LocalQueue', 'gpus', { clusterQueue: 'all' }), metadata: { name: 'gpus', namespace: 'team' } },
    kueue('ClusterQueue', 'all', { resourceGroups, namespaceSelector: {}, ...spec }, status),
    kueue('ResourceFlavor', 'h100', { nodeLabels: { 'nvidia.com/gpu.product': h100.product } }),
  ];
  const ask = (cluster: readonly KubernetesObject[], more: object = {}) =>
    answerFit({ ...question, queue, ...more }, model, [fitClusterOf(cluster), clusters[1]!]);

  test('that admits them, only the room of its cluster counts', () => {
    expect(ask(objects())).toMatchObject({ fits: true, queue: { admits: 'now' }, places: [{ cluster: 'one' }] });
  });

  test('without quota now it says of what, and who waits before', () => {
    expect(ask(objects({}, reserved('6')))).toMatchObject({
      ...{ fits: false, memoryFits: true, places: [{ replicas: 4 }] },
      queue: {
        admits: 'later',
        reason: 'the ClusterQueue all has quota of nvidia.com/gpu for 1 more now, and workloads wait there already (3)',
        coded: { code: 'queue.waitsBehind' },
      },
    });
  });

  test.each<[string, object, object, string, RegExp]>([
    ['has too little', {}, { replicas: 5 }, 'never', /quota of nvidia\.com\/gpu for 4 at most$/],
    [
      'takes other namespaces',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } } },
      {},
      'never',
      /namespace team/,
    ],
    [
      'takes this namespace',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'team' } } },
      {},
      'now',
      /^$/,
    ],
    [
      'looks at other labels',
      { namespaceSelector: { matchLabels: { tier: 'a' } } },
      {},
      'unknown',
      /may not read those/,
    ],
    ['is not there', {}, { queue: { ...queue, name: 'old' } }, 'never', /no LocalQueue old/],
  ])('that %s', (_what, spec, more, admits, reason) => {
    const { queue: said } = ask(objects(spec), more);
    expect(said?.admits).toBe(admits);
    expect(said?.reason ?? '').toMatch(reason);
  });

  test('of a cluster without Kueue, or that is not watched', () => {
    expect(ask(objects().slice(0, 1)).queue).toMatchObject({ admits: 'unknown', coded: { code: 'queue.noKueue' } });
    expect(() => ask(objects(), { queue: { ...queue, cluster: 'west' } })).toThrow(
      /watches no cluster of the name "west"/,
    );
  });

  test('that the portal may not read', () => {
    const state = { name: 'failing' as const, error: new Error('clusterqueues is forbidden') };
    const empty = { state: { name: 'live' as const }, objects: new Map() };
    const queues = new WatchedQueues('one', {
      local: empty,
      shared: { ...empty, state },
      cohorts: empty,
      flavors: empty,
    });
    const answer = answerFit({ ...question, queue }, model, [{ ...fitClusterOf(objects()), queues }]);
    expect(answer).toMatchObject({ fits: false, queue: { admits: 'unknown', coded: { code: 'queue.hidden' } } });
    expect(queues.source).toEqual({ cluster: 'one', state: 'hidden', message: 'clusterqueues is forbidden' });
  });
});

test('an unknown class is an error of the request', () => {
  expect(() => answerFit({ ...question, gpuClass: 'abacus' }, model, clusters)).toThrow(
    /gpuClass names no GPU class; found "abacus"\. The classes are nvidia-t4-16gb,/,
  );
});

test('what keeps the engine from starting is said before any sum', () => {
  const heads = answerFit({ ...question, gpusPerReplica: 3 }, { ...model, heads: 32 }, clusters);
  expect(heads).toMatchObject({
    memoryFits: false,
    sentence: expect.stringMatching(/^The 32 attention heads .* 3 GPUs/),
  });
  const long = answerFit(question, { ...model, contextLength: 4096 }, clusters);
  expect(long.sentence).toBe('The model was made for 4096 tokens, and the context is 8192.');
});

it('names the classes that hold a model, with the fewest GPUs, and first those with room', () => {
  const { fits, contextLength } = fittingClasses({ ...model, dtype: 'BF16' }, clusters);
  expect(contextLength).toBe(8192);
  // 15 GiB of weights and 16 GiB of cache (16 sequences of 8,192 tokens at 128 KiB)
  expect(fits[0]).toEqual({ gpuClass: 'nvidia-l4-24gb', gpus: 2, clusters: ['small'] });
  expect(fits[1]).toEqual({ gpuClass: 'nvidia-h100-80gb', gpus: 1, clusters: ['large', 'small'] });
  expect(fits.slice(2).every(({ clusters: none }) => none.length === 0)).toBe(true);
  // it does not compute BF16
  expect(fits.map(({ gpuClass }) => gpuClass)).not.toContain('nvidia-v100-32gb');
  expect(fittingClasses({ ...model, contextLength: 2048 }, []).contextLength).toBe(2048);
});
