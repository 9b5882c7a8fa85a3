import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { gpuNode, gpuPod, poolsOf } from './testing/gpu-cluster.ts';

const h100 = { product: 'NVIDIA-H100-80GB-HBM3' };
const gpu = 'nvidia.com/gpu';
const views = (objects: readonly KubernetesObject[]) => poolsOf(objects).map(({ pool }) => pool);

test('counts what is installed, held and free, by class', () => {
  const pools = views([
    gpuNode('a', { [gpu]: 8 }, h100),
    gpuNode('b', { [gpu]: 8 }, h100),
    gpuNode('c', { [gpu]: 4 }, { product: 'NVIDIA-L4' }),
    gpuNode('d', {}),
    gpuPod('one', 'a', 3),
    gpuPod('two', 'c', 4),
    gpuPod('over', 'b', 8, { phase: 'Failed' }),
  ]);
  expect(pools).toMatchObject([
    { class: 'nvidia-h100-80gb', nodes: 2, installed: 16, allocatable: 16, requested: 3, free: 13, largestFree: 8 },
    { class: 'nvidia-l4-24gb', nodes: 1, installed: 4, requested: 4, free: 0, largestFree: 0, fragmentation: 0 },
  ]);
});

test('fragmentation is the part that the largest request which fits cannot reach', () => {
  const whole = [gpuNode('a', { [gpu]: 8 }, h100), gpuNode('b', { [gpu]: 8 }, h100)];
  expect(views(whole)[0]?.fragmentation).toBe(0);
  expect(views([...whole, gpuPod('one', 'b', 4)])[0]).toMatchObject({
    free: 12,
    largestFree: 8,
    fragmentation: 4 / 12,
  });
});

test('cordoned and broken nodes are installed but not free', () => {
  const pools = views([
    gpuNode('a', { [gpu]: 8 }, { ...h100, cordoned: true }),
    gpuNode('b', { [gpu]: 8 }, { ...h100, ready: false }),
    gpuNode('c', { [gpu]: 1 }, h100),
  ]);
  expect(pools[0]).toMatchObject({ nodes: 3, installed: 17, free: 1, largestFree: 1 });
});

test('names: parts of a GPU, time slicing, products that are no class, nodes without a label', () => {
  const pools = views([
    gpuNode('a', { [gpu]: 0, 'nvidia.com/mig-1g.10gb': 7 }, h100),
    gpuNode('b', { [gpu]: 7 }, { product: 'NVIDIA-H100-80GB-HBM3-MIG-1g.10gb' }),
    gpuNode('c', { [gpu]: 4 }, { product: 'NVIDIA-L4-SHARED' }),
    gpuNode('d', { [gpu]: 1 }, { product: 'NVIDIA-RTX-9' }),
    gpuNode('e', { [gpu]: 1 }),
    gpuNode('f', { 'amd.com/gpu': 8 }),
  ]);
  expect(pools.map(pool => [pool.class, pool.resource, pool.source])).toEqual([
    // not every AMD device is an MI300X, and this node does not say what it has
    ['amd.com/gpu', 'amd.com/gpu', 'device-plugin'],
    ['nvidia-h100-80gb', 'nvidia.com/mig-1g.10gb', 'mig'],
    ['NVIDIA-H100-80GB-HBM3-MIG-1g.10gb', gpu, 'mig'],
    // shares of a GPU are no whole one
    ['nvidia-l4-24gb shared', gpu, 'device-plugin'],
    ['NVIDIA-RTX-9', gpu, 'device-plugin'],
    [gpu, gpu, 'device-plugin'],
  ]);
});

test('waiting pods stand at the pools that they accept, with the words of the scheduler', () => {
  const message = '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.';
  const pools = views([
    gpuNode('a', { [gpu]: 8 }, h100),
    gpuNode('b', { [gpu]: 8 }, { product: 'NVIDIA-L4' }),
    gpuPod('any', undefined, 9, { message }),
    gpuPod('choosy', undefined, 1, { product: 'NVIDIA-L4' }),
    gpuPod('nowhere', undefined, 2, { product: 'NVIDIA-H200' }),
  ]);
  expect(pools.map(pool => [pool.class, pool.nodes, pool.waiting.map(pod => pod.name)])).toEqual([
    ['nvidia-h100-80gb', 1, ['any']],
    ['nvidia-h200-141gb', 0, ['nowhere']],
    ['nvidia-l4-24gb', 1, ['any', 'choosy']],
  ]);
  expect(pools[0]?.waiting[0]).toEqual({
    namespace: 'models',
    name: 'any',
    gpus: 9,
    since: '2026-01-01T00:00:00Z',
    reason: message,
  });
});

test('what waits of a service says why in the words of its own page', () => {
  const message = '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.';
  const pod = gpuPod('chat-0', undefined, 9, { message });
  const labels = {
    'app.kubernetes.io/name': 'chat',
    'app.kubernetes.io/managed-by': 'fairway',
    'fairway.dev/revision': '1a2b3c4d',
  };
  const [pool] = views([gpuNode('a', { [gpu]: 8 }, h100), { ...pod, metadata: { ...pod.metadata, labels } }]);
  const [waiting] = pool?.waiting ?? [];
  expect(waiting?.reason).toBe(`No node has 9 free GPUs of the class asked for (nvidia.com/gpu): ${message}`);
  expect(waiting?.coded?.code).toBe('pod.noGpu');
});

test('of thousands that wait the oldest are shown, and one of every namespace', () => {
  const pods = Array.from({ length: 150 }, (_, index) => gpuPod(`p${index}`, undefined, 1));
  const late = gpuPod('late', undefined, 1);
  const elsewhere = ['2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'].map((creationTimestamp, index) => ({
    ...late,
    metadata: { name: `late-${index}`, namespace: 'other', creationTimestamp },
  }));
  const [pool] = views([gpuNode('a', { [gpu]: 0 }, h100), ...pods, ...elsewhere]);
  expect(pool).toMatchObject({ waitingTotal: 152 });
  expect(pool?.waiting.map(pod => pod.namespace)).toEqual([...Array.from({ length: 100 }, () => 'models'), 'other']);
  expect(pool?.waiting.at(-1)?.name).toBe('late-0');
});

describe('Dynamic Resource Allocation', () => {
  const device = (name: string) => ({ name, attributes: { productName: { string: 'NVIDIA H100 80GB HBM3' } } });
  const slice = (name: string, generation: number, devices: readonly unknown[]): KubernetesObject => ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name },
    spec: { driver: 'gpu.nvidia.com', nodeName: 'a', pool: { name: 'a', generation }, devices },
  });
  const claim = (name: string, allocated?: string): KubernetesObject => ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { name, namespace: 'models' },
    spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.nvidia.com', count: 1 } }] } },
    status: allocated
      ? { allocation: { devices: { results: [{ driver: 'gpu.nvidia.com', pool: 'a', device: allocated }] } } }
      : undefined,
  });

  test('counts the newest slices, allocated claims and pods whose claims wait', () => {
    const pools = views([
      gpuNode('a', {}),
      slice('old', 1, [device('gpu-0'), device('gpu-1')]),
      slice('new', 2, [device('gpu-0'), device('gpu-1'), device('gpu-2')]),
      claim('held', 'gpu-1'),
      claim('wished'),
      gpuPod('waits', undefined, 0, { claim: 'wished' }),
    ]);
    expect(pools).toMatchObject([
      {
        class: 'nvidia-h100-80gb',
        resource: 'gpu.nvidia.com',
        source: 'dra',
        installed: 3,
        requested: 1,
        free: 2,
        largestFree: 2,
        waiting: [{ name: 'waits', gpus: 1 }],
      },
    ]);
  });

  test('reads the fields of v1beta1, and counts no parts beside the whole that they would be made of', () => {
    const part = { attributes: { profile: { string: '1g.10gb' } }, consumesCounters: [{ counterSet: 'gpu-0' }] };
    const pools = views([
      gpuNode('a', {}),
      slice('s', 1, [
        { name: 'gpu-0', basic: device('') },
        { name: 'gpu-0-mig', basic: part },
      ]),
      { ...claim('c', 'gpu-0'), spec: { devices: { requests: [{ name: 'g', deviceClassName: 'gpu.nvidia.com' }] } } },
    ]);
    expect(pools).toMatchObject([{ class: 'nvidia-h100-80gb', installed: 1, requested: 1, free: 0 }]);
  });
});
