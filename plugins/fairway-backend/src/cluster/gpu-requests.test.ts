import { gpuRequests } from './gpu-requests.ts';

const gpus = (count: number, more: { restartPolicy?: string } = {}) => ({
  ...more,
  resources: { limits: { 'nvidia.com/gpu': String(count), memory: '1Gi' } },
});

test.each([
  ['no GPU', { containers: [{ resources: { limits: { cpu: '1' } } }] }, 0],
  ['all containers together', { containers: [gpus(1), gpus(2)] }, 3],
  ['an init container that asks for less', { containers: [gpus(2)], initContainers: [gpus(1)] }, 2],
  ['an init container that asks for more', { containers: [gpus(2)], initContainers: [gpus(1), gpus(4)] }, 4],
  ['a sidecar runs on', { containers: [gpus(2)], initContainers: [gpus(1, { restartPolicy: 'Always' })] }, 3],
  [
    'an init container runs beside the sidecars before it',
    { containers: [gpus(1)], initContainers: [gpus(2, { restartPolicy: 'Always' }), gpus(3)] },
    5,
  ],
])('%s', (_name, spec, expected) => {
  expect(gpuRequests(spec).get('nvidia.com/gpu') ?? 0).toBe(expected);
});

test('parts of a GPU are a resource of their own', () => {
  const spec = { containers: [{ resources: { limits: { 'nvidia.com/mig-1g.10gb': '2' } } }] };
  expect([...gpuRequests(spec)]).toEqual([['nvidia.com/mig-1g.10gb', 2]]);
});
