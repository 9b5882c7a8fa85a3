import { parseServiceFile } from '@fairway/service';
import { mainMemoryProblem } from './main-memory.ts';

const file = (engine: string, resources: string) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team-a
engine: ${engine.startsWith('{') ? engine : `{ name: ${engine} }`}
model: { name: tiny, reference: 'hf://team/tiny@${'0'.repeat(40)}' }
resources: ${resources}
`,
    '.',
    'fairway.yaml',
  );

test.each([
  [
    'vllm',
    '{ cpu: 500m, memory: 256Mi }',
    0,
    /resources\.memory` is 256Mi, and vllm takes 2048 MiB before it has a model/,
  ],
  ['vllm', '{ memory: 4Gi }', 0, undefined],
  // 4 GiB of weights: on a GPU they take no main memory
  ['vllm', '{ memory: 4Gi }', 4 * 2 ** 30, /Give it 6144Mi or more/],
  ['vllm', '{ memory: 4Gi, gpu: { class: nvidia-l4-24gb, count: 1 } }', 4 * 2 ** 30, undefined],
  // 10 GiB of the weights of each of two GPUs stay with the host, and all of 4 GiB are less than that
  [
    "{ name: vllm, arguments: [--cpu-offload-gb, '10'] }",
    '{ memory: 4Gi, gpu: { class: nvidia-l4-24gb, count: 2 } }',
    64 * 2 ** 30,
    /20480 MiB for the weights that no GPU holds. Give it 22528Mi/,
  ],
  [
    "{ name: vllm, arguments: [--cpu-offload-gb, '10'] }",
    '{ memory: 4Gi, gpu: { class: nvidia-l4-24gb, count: 1 } }',
    4 * 2 ** 30,
    /Give it 6144Mi/,
  ],
  [
    "{ name: vllm, arguments: [--kv-offloading-size, '64'] }",
    '{ memory: 16Gi, gpu: { class: nvidia-l4-24gb, count: 2 } }',
    4 * 2 ** 30,
    /and 65536 MiB for the cache that --kv-offloading-size asks for\. Give it 67584Mi/,
  ],
  ['transformers', '{ memory: 256Mi }', 0, /transformers takes 448 MiB/],
  ['llamacpp', '{ memory: 64Mi }', 4 * 2 ** 30, undefined],
])('%s with %s and %d bytes of weights', (engine, resources, weights, expected) => {
  const problem = mainMemoryProblem(file(engine, resources), weights);
  if (expected === undefined) expect(problem).toBeUndefined();
  else expect(problem?.message).toMatch(expected);
});
