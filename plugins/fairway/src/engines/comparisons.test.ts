import type { Benchmark } from '@fairway/backstage-plugin-fairway-common';
import { comparisonsOf } from './comparisons.ts';

const vllm: Benchmark = {
  engine: 'vllm',
  version: '0.32',
  model: 'qwen',
  hardware: '1 × nvidia-h100-80gb',
  source: 'd1',
  measuredAt: '2026-11-01T00:00:00.000Z',
  tokensPerSecond: 2000,
  timeToFirstTokenP95: 150,
  goodput: 98,
};

test('engines are compared with the same model on the same hardware; the fullest comparison comes first', () => {
  const tiny = { ...vllm, engine: 'llamacpp', model: 'tiny', hardware: 'CPU 500m' } as const;
  const found = comparisonsOf([tiny, vllm, { ...vllm, engine: 'fastchat' }]);
  expect(found.map(({ model, scored, missing }) => [model, scored.map(one => one.benchmark.engine), missing])).toEqual([
    ['qwen', ['vllm', 'fastchat'], ['tgi', 'transformers']],
    ['tiny', ['llamacpp'], ['vllm', 'tgi', 'fastchat', 'transformers']],
  ]);
  expect(found[1]?.engines).toEqual(['vllm', 'tgi', 'fastchat', 'transformers', 'llamacpp']);
});

test('without a measurement there is nothing to compare', () => {
  expect(comparisonsOf([])).toEqual([]);
});
