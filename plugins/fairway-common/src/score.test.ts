import type { Benchmark } from './benchmark.ts';
import { scoreBenchmarks } from './score.ts';

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

test('an engine is scored against the best on the same model and hardware', () => {
  const tgi: Benchmark = { ...vllm, engine: 'tgi', tokensPerSecond: 1000, timeToFirstTokenP95: 100, goodput: 49 };
  expect(scoreBenchmarks([vllm, tgi]).map(one => one.scores)).toEqual([
    { throughput: 100, latency: 66.7, goodput: 100 },
    { throughput: 50, latency: 100, goodput: 50 },
  ]);
});

test('another model or other hardware is not compared, and the newest measurement of an engine counts', () => {
  const scored = scoreBenchmarks([
    vllm,
    { ...vllm, engine: 'tgi', hardware: 'CPU 500m', tokensPerSecond: 1 },
    { ...vllm, tokensPerSecond: 1500, measuredAt: '2026-10-01T00:00:00.000Z' },
  ]);
  expect(scored.map(one => [one.benchmark.engine, one.benchmark.tokensPerSecond, one.scores.throughput])).toEqual([
    ['vllm', 2000, 100],
    ['tgi', 1, 100],
  ]);
});

test('goodput is 0 when no engine met the objectives', () => {
  expect(scoreBenchmarks([{ ...vllm, goodput: 0 }])[0]?.scores.goodput).toBe(0);
});
