import { podRequests, quantity, replicasInQuota, replicasOnNode, type Taint, type Toleration } from './node-room.ts';

test.each([
  ['500m', 0.5],
  ['2', 2],
  ['16Gi', 16 * 2 ** 30],
  ['1k', 1000],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1e3', 1000],
  ['1E', 1e18],
  ['1Ei', 2 ** 60],
  ['250u', 0.00025],
  ['1e-3', 0.001],
  ['.5', 0.5],
  [undefined, 0],
  ['a lot', 0],
])('%s is %d', (text, expected) => {
  expect(quantity(text)).toBe(expected);
});

test('a limit without a request is the request, and sidecars stay beside the containers', () => {
  const spec = {
    containers: [
      { resources: { limits: { memory: '2Gi' } } },
      { resources: { requests: { memory: '1Gi' }, limits: { memory: '4Gi' } } },
    ],
    initContainers: [{ restartPolicy: 'Always', resources: { requests: { memory: '1Gi' } } }],
  };
  expect(podRequests(spec, resource => resource === 'memory').get('memory')).toBe(4 * 2 ** 30);
});

// https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
// https://kubernetes.io/docs/concepts/scheduling-eviction/pod-overhead/
test('resources of the pod take the place of its containers’, and a RuntimeClass adds its own', () => {
  const spec = {
    resources: { requests: { cpu: '2' }, limits: { cpu: '4', memory: '3Gi' } },
    containers: [{ resources: { requests: { cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' } } }],
    overhead: { cpu: '250m', memory: '128Mi' },
  };
  expect(Object.fromEntries(podRequests(spec, () => true))).toEqual({
    cpu: 2.25,
    memory: 3 * 2 ** 30 + 128 * 2 ** 20,
    'nvidia.com/gpu': 1,
  });
});

// https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
test.each<[string, Taint, Toleration, number]>([
  [
    'the same value',
    { key: 'a', value: 'b', effect: 'NoSchedule' },
    { key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' },
    1,
  ],
  ['another value', { key: 'a', value: 'b', effect: 'NoSchedule' }, { key: 'a', value: 'c' }, 0],
  ['any value', { key: 'a', value: 'b', effect: 'NoSchedule' }, { key: 'a', operator: 'Exists' }, 1],
  ['another effect', { key: 'a', effect: 'NoExecute' }, { key: 'a', operator: 'Exists', effect: 'NoSchedule' }, 0],
  ['everything', { key: 'a', effect: 'NoExecute' }, { operator: 'Exists' }, 1],
  ['a preference', { key: 'a', effect: 'PreferNoSchedule' }, { key: 'other' }, 1],
])('tolerates %s', (_name, taint, toleration, expected) => {
  const room = { usable: true, taints: [taint], left: () => 1 };
  expect(replicasOnNode(room, { resources: new Map([['cpu', 1]]), tolerations: [toleration] })).toBe(expected);
});

test('the scarcest resource decides', () => {
  const left: Record<string, number> = { cpu: 10, memory: 2.5, gpu: 8 };
  const room = { usable: true, taints: [], left: (resource: string) => left[resource] ?? 0 };
  const resources = new Map([
    ['cpu', 1],
    ['memory', 1],
    ['gpu', 2],
  ]);
  expect(replicasOnNode(room, { resources, tolerations: [] })).toBe(2);
  expect(replicasOnNode({ ...room, usable: false }, { resources, tolerations: [] })).toBe(0);
  const quota = { hard: { 'requests.cpu': '4', memory: '8' }, used: { 'requests.cpu': '1', memory: '0' } };
  expect(replicasInQuota(quota, { resources, tolerations: [] })).toBe(3);
  expect(replicasInQuota({ hard: { 'limits.memory': '2' }, used: {} }, { resources, tolerations: [] })).toBe(2);
  // https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-on-object-count
  const counted = { hard: { 'count/pods': '5' }, used: { 'count/pods': '4' } };
  expect(replicasInQuota(counted, { resources, tolerations: [] })).toBe(1);
  expect(replicasInQuota({ hard: {}, used: {} }, { resources, tolerations: [] })).toBe(Infinity);
});
