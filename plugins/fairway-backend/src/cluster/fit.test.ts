import { answerFit } from './fit.ts';
import { gpuNode, gpuPod, poolsOf } from './testing/gpu-cluster.ts';

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
const clusters = [
  {
    name: 'small',
    pools: poolsOf([gpuNode('s', { [gpu]: 3 }, h100), gpuNode('other', { [gpu]: 8 }, { product: 'NVIDIA-L4' })]),
  },
  {
    name: 'large',
    pools: poolsOf([gpuNode('a', { [gpu]: 8 }, h100), gpuNode('b', { [gpu]: 8 }, h100), gpuPod('p', 'b', 3)]),
  },
];

test('names the clusters with room, and the nodes that the replicas would get', () => {
  const answer = answerFit(question, clusters);
  expect(answer).toMatchObject({ memoryFits: true, fits: true });
  expect(answer.sentence).toMatch(/^It fits: on each GPU weights 7.5 GiB/);
  expect(answer.places).toEqual([
    { cluster: 'large', replicas: 6, nodes: ['a'] },
    { cluster: 'small', replicas: 1, nodes: ['s'] },
  ]);
});

test('a service lies in one cluster, so the rooms of two are not added', () => {
  expect(answerFit({ ...question, replicas: 7 }, clusters).fits).toBe(false);
});

test('a model that is larger than its GPUs does not fit, whatever is free', () => {
  const answer = answerFit({ ...question, contextLength: 200_000, sequences: 64 }, clusters);
  expect(answer).toMatchObject({ memoryFits: false, fits: false });
  expect(answer.sentence).toMatch(/^It does not fit/);
});

test('an unknown class is an error of the request', () => {
  expect(() => answerFit({ ...question, gpuClass: 'abacus' }, clusters)).toThrow(
    /gpuClass names no GPU class; found "abacus"\. The classes are nvidia-t4-16gb,/,
  );
});
