import { firstForm, questionOf } from './fit-form.ts';

const form = { ...firstForm, gpuClass: 'nvidia-h100-80gb', replicas: '3' };

test('a form that is filled in is a question', () => {
  expect(questionOf(form)).toEqual({
    model: { bytes: 16_100_000_000, layers: 32, kvHeads: 8, headDim: 128 },
    contextLength: 8192,
    sequences: 16,
    gpuClass: 'nvidia-h100-80gb',
    gpusPerReplica: 1,
    replicas: 3,
  });
});

test.each([
  ['a name', ' Qwen/Qwen3-8B ', { reference: 'Qwen/Qwen3-8B' }],
  ['a configuration', '{"model_type":"qwen3"}\n', { config: '{"model_type":"qwen3"}' }],
])('%s takes the place of the numbers', (_what, model, expected) => {
  expect(questionOf({ ...form, model, layers: '' })).toMatchObject({ model: expected, replicas: 3 });
});

test.each([
  ['no class', { gpuClass: '' }],
  ['an empty field', { layers: '' }],
  ['a word', { gigabytes: 'much' }],
  ['half a replica', { replicas: '0.5' }],
  ['more GPUs than a node has', { gpusPerReplica: '17' }],
])('with %s there is no question yet', (_what, change) => {
  expect(questionOf({ ...form, ...change })).toBeUndefined();
});
