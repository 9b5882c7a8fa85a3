import { tinyService } from '../../../../test/fixtures/service.ts';
import { engineMemory, estimateGpuMemory, fitsGpu } from '../gpu-memory.ts';
import { gpuClasses } from '@fairway/service/gpu-classes';

// four layers, the first without experts, and six bytes of embeddings and output
const model = {
  bytes: 40,
  expertBytes: 18,
  blocks: [{ bytes: 4, expertBytes: 0 }, ...Array.from({ length: 3 }, () => ({ bytes: 10, expertBytes: 6 }))],
  cache: [{ kind: 'attention', layers: 4, kvHeads: 1, keyDim: 64, valueDim: 64 }],
} as const;

function engine(args: readonly string[], count: number) {
  const resources = { gpu: { class: 'nvidia-l4-24gb', count } };
  const serving = { contextLength: 8192, sequences: 2 };
  return engineMemory(tinyService({ engine: { name: 'llamacpp', arguments: args }, resources, serving }));
}

// `load_tensors` of src/llama-model.cpp: the output is the last of five layers, and a layer goes to the first GPU whose part is not yet full
test.each<[string, number, readonly string[], number]>([
  ['all of it', 1, [], 40],
  ['all of it, in a word', 1, ['-ngl', 'all'], 40],
  ['more layers than there are', 1, ['--gpu-layers', '99'], 40],
  ['less than none stands for all', 1, ['-ngl', '-1'], 40],
  ['nothing', 1, ['-ngl', '0'], 0],
  ['no GPU', 1, ['--device', 'none'], 0],
  ['the output alone', 1, ['-ngl', '1'], 6],
  ['the output and the last two: 6 + 10 + 10', 1, ['-ngl', '3'], 26],
  ['no experts: 40 - 3 · 6', 1, ['--cpu-moe'], 22],
  ['of the first two layers one has experts: 40 - 6', 1, ['-ncmoe', '2'], 34],
  ['the third layer without its experts: 6 + 4 + 10', 1, ['-ngl', '3', '--n-cpu-moe', '3'], 20],
  ['three of five on the first GPU: 4 + 10 + 10', 2, [], 24],
  ['four of five on the first GPU', 2, ['-ts', '3,1'], 34],
  ['all on the second', 2, ['--tensor-split', '0/1'], 40],
  ['all on one', 2, ['-sm', 'none'], 40],
  ['one of two', 2, ['-dev', 'CUDA1'], 40],
  ['half of each matrix', 2, ['--split-mode', 'row'], 20],
  ['three quarters of each matrix', 2, ['-sm', 'row', '-ts', '1,3'], 30],
  ['half of each matrix and of the cache', 2, ['-sm', 'tensor'], 20],
])('%s', (_what, count, args, expected) => {
  expect(engine(args, count).heldBytes?.(model)).toBe(expected);
});

test('of a model that only has a size, all layers are alike', () => {
  const { bytes, expertBytes, cache } = model;
  expect(engine(['-ngl', '3', '-ncmoe', '2'], 1).heldBytes?.({ bytes, expertBytes, cache })).toBe(20);
});

const whole = 4 * 2 * 64 * 2;

test.each<[string, number, readonly string[], number]>([
  ['a cache of all layers', 1, [], whole],
  ['half of the layers', 1, ['-ngl', '3'], whole / 2],
  ['the cache stays with the host', 1, ['-nkvo'], 0],
  ['of both, the later counts', 1, ['-nkvo', '--kv-offload'], whole],
  ['three of four layers', 2, ['-ts', '3,1'], (whole * 3) / 4],
  ['rows divide no cache', 2, ['-sm', 'row'], whole],
])('%s', (_what, count, args, expected) => {
  expect(estimateGpuMemory(model, engine(args, count), count)?.kvCachePerToken).toBe(expected);
});

// `size_swa` of src/llama-kv-cache-iswa.cpp: 2 · (128 + 512) cells are 2 · 768, and 2 · 128 + 512 are 768
test.each<[readonly string[], number]>([
  [[], 2 * 768],
  [['-kvu'], 768],
  [['-kvu', '--no-kv-unified'], 2 * 768],
  [['--swa-full'], 2 * 8192],
])('a window with %j', (args, cells) => {
  const cache = [{ ...model.cache[0], window: 128 }];
  expect(estimateGpuMemory({ ...model, cache }, engine(args, 1), 1)?.kvCache).toBe(whole * cells);
});

test.each<[readonly string[], string]>([
  [['-md', '/models/draft.gguf'], ' Not counted: a draft model (--model-draft).'],
  [['--mmproj', '/models/mmproj.gguf'], ' Not counted: what turns images and sound into tokens (--mmproj).'],
  [['--mmproj', '/models/mmproj.gguf', '--no-mmproj-offload'], ' GiB.'],
  [['-ot', 'exps=CPU'], ' Not counted: tensors in a place of their own (--override-tensor).'],
  [['-ngl', 'auto'], ' Not counted: layers that do not fit and stay with the host (--n-gpu-layers).'],
])('%j says what is not counted', (args, end) => {
  const gpu = gpuClasses.get('nvidia-l4-24gb');
  if (!gpu) throw new Error('no such class');
  expect(fitsGpu(model, engine(args, 1), { gpus: 1, gpu })?.sentence.endsWith(end)).toBe(true);
});
