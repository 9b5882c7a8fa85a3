import { GpuUse } from './gpu-use.ts';
import { gpuPod } from './testing/gpu-cluster.ts';
import { keepPod } from './watched-pod.ts';

test('follows a pod from waiting to its end, and leaves nothing behind', () => {
  const use = new GpuUse();
  const states = [
    keepPod(gpuPod('p', undefined, 2)),
    keepPod(gpuPod('p', 'a', 2)),
    keepPod(gpuPod('p', 'a', 2, { phase: 'Failed' })),
    undefined,
  ];
  const seen = states.map((state, index) => {
    use.podChanged(states[index - 1], state);
    return [use.waiting.size, use.onNode('a', 'nvidia.com/gpu')];
  });
  expect(seen).toEqual([
    [1, 0],
    [0, 2],
    [0, 0],
    [0, 0],
  ]);
});

test('a pod without GPUs that belongs to no service is not held', () => {
  expect(keepPod(gpuPod('p', 'a', 0))).toBeUndefined();
});
