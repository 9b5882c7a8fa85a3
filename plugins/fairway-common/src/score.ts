import type { Benchmark } from './benchmark.ts';

/** The three lines of the comparison of engines. */
export const scoreNames = ['throughput', 'latency', 'goodput'] as const;
export type ScoreName = (typeof scoreNames)[number];

/** What each score means: 100 is the best engine on the same model and hardware, 50 is half as good. */
export const scoreDefinitions: Readonly<Record<ScoreName, string>> = {
  throughput:
    '100 × output tokens a second of this engine ÷ those of the fastest engine measured on the same model and hardware.',
  latency:
    '100 × the lowest 95th percentile of time to first token among the engines measured on the same model and hardware ÷ that of this engine.',
  goodput:
    '100 × percent of requests within both latency objectives ÷ that of the best engine measured on the same model and hardware.',
};

export interface ScoredBenchmark {
  readonly benchmark: Benchmark;
  /** 0 to 100, in tenths. */
  readonly scores: Readonly<Record<ScoreName, number>>;
}

/**
 * Scores of the newest measurement of each engine. Engines are compared only where model and hardware are the same, so
 * that a small model on a large GPU says nothing about the engine; the one that is alone on its model and hardware has 100.
 */
export function scoreBenchmarks(benchmarks: readonly Benchmark[]): readonly ScoredBenchmark[] {
  const newest = new Map<string, Benchmark>();
  for (const one of benchmarks) {
    const key = JSON.stringify([one.model, one.hardware, one.engine]);
    const known = newest.get(key);
    if (!known || one.measuredAt > known.measuredAt) newest.set(key, one);
  }
  const compared = [...newest.values()];
  return compared.map(benchmark => {
    const peers = compared.filter(one => one.model === benchmark.model && one.hardware === benchmark.hardware);
    const fastest = Math.max(...peers.map(one => one.tokensPerSecond));
    const soonest = Math.min(...peers.map(one => one.timeToFirstTokenP95));
    const best = Math.max(...peers.map(one => one.goodput));
    return {
      benchmark,
      scores: {
        throughput: share(benchmark.tokensPerSecond, fastest),
        latency: share(soonest, benchmark.timeToFirstTokenP95),
        goodput: share(benchmark.goodput, best),
      },
    };
  });
}

/** Nobody within the objectives is a score of 0 for all, not of 100. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10;
}
