import { estimateGpuMemory, fitsGpu } from './gpu-memory.ts';
import { gpuClasses, type GpuClass } from './gpu-classes.ts';

const gibibyte = 1024 ** 3;
// the shape of Llama 3.1 8B in BF16
const llama = { bytes: 16_060_522_496, layers: 32, kvHeads: 8, headDim: 128 };

function gpu(name: string): GpuClass {
  const found = gpuClasses.get(name);
  if (!found) throw new Error(`no class ${name}`);
  return found;
}

test('sums weights, KV cache and overhead', () => {
  const estimate = estimateGpuMemory(llama, { contextLength: 8192, sequences: 16, gpus: 1 });
  expect(estimate).toMatchObject({
    weights: llama.bytes,
    kvCache: 2 * 32 * 8 * 128 * 2 * 8192 * 16,
    overhead: gibibyte + 0.02 * llama.bytes,
    total: llama.bytes * 1.02 + 16 * gibibyte + gibibyte,
  });
});

test.each([
  [
    'nvidia-h100-80gb',
    1,
    true,
    'It fits: weights 15.0 GiB + KV cache 16.0 GiB (2 · 32 layers · 8 KV heads · 128 · 2 bytes · 8192 tokens · 16 sequences) + overhead 1.3 GiB = 32.3 GiB; 1 × nvidia-h100-80gb offers 79.6 GiB, less 10 % headroom 71.7 GiB.',
  ],
  [
    'nvidia-l4-24gb',
    1,
    false,
    'so 12.0 GiB are missing. Lower serving.contextLength or serving.sequences, or change resources.gpu (1 × nvidia-a100-40gb would hold it).',
  ],
  ['nvidia-l4-24gb', 2, true, '2 × nvidia-l4-24gb offers 45.0 GiB, less 10 % headroom 40.5 GiB.'],
])('compares with %s × %i', (name, gpus, fits, sentence) => {
  const estimate = estimateGpuMemory(llama, { contextLength: 8192, sequences: 16, gpus });
  const fit = estimate && fitsGpu(estimate, gpu(name));
  expect(fit?.fits).toBe(fits);
  expect(fit?.sentence).toContain(sentence);
});

test('says when no class holds the model', () => {
  const estimate = estimateGpuMemory(
    { ...llama, bytes: 500 * gibibyte },
    { contextLength: 8192, sequences: 1, gpus: 1 },
  );
  expect(estimate && fitsGpu(estimate, gpu('nvidia-h200-141gb')).sentence).toContain(
    'no class holds it with as many GPUs: ask for more of them',
  );
});

test('gives no estimate for a model that does not tell its shape', () => {
  expect(estimateGpuMemory({ bytes: 1 }, { contextLength: 1, sequences: 1, gpus: 1 })).toBeUndefined();
});
