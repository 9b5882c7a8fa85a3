import { layersOf } from './layers.ts';
import { repositoryName } from './source.ts';

const gigabyte = 1e9;

test('each large file is a layer, and small ones share', () => {
  const files = [
    { path: 'tokenizer.json', size: 9_000_000 },
    { path: 'model-2.safetensors', size: 4.9 * gigabyte },
    { path: 'config.json', size: 700 },
    { path: 'model-1.safetensors', size: 4.9 * gigabyte },
    { path: 'vocab.json', size: 2_000_000 },
  ];
  expect(layersOf(files).map(layer => layer.map(({ path }) => path))).toEqual([
    ['config.json'],
    ['model-1.safetensors'],
    ['model-2.safetensors'],
    ['tokenizer.json', 'vocab.json'],
  ]);
});

test('a model of very many files has layers that every engine and registry takes', () => {
  // deepseek-ai/DeepSeek-V3: 163 files of 4.3 GB
  const files = Array.from({ length: 163 }, (_, at) => ({
    path: `model-${String(at + 1).padStart(5, '0')}-of-000163.safetensors`,
    size: 4.3 * gigabyte,
  }));
  const layers = layersOf(files);
  expect(layers.length).toBeLessThanOrEqual(127);
  // GHCR's limit of a layer
  expect(Math.max(...layers.map(layer => layer.reduce((sum, { size }) => sum + size, 0)))).toBeLessThan(10 * gigabyte);
  expect(layers.flat()).toHaveLength(163);
});

test.each([
  ['Meta-Llama-3.1-8B', 'meta-llama-3.1-8b'],
  ['tiny._q4--K', 'tiny-q4--k'],
  ['Tiny Llama (old)', 'tiny-llama-old'],
])('the name %s is %s in a registry', (name, expected) => {
  expect(repositoryName(name)).toBe(expected);
  // the grammar of names in the distribution specification 1.1
  expect(expected).toMatch(/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/);
});
