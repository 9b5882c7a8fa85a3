import { scoreBenchmarks } from '@fairway/backstage-plugin-fairway-common';
import type { Benchmark, ScoredBenchmark } from '@fairway/backstage-plugin-fairway-common';

type Engine = Benchmark['engine'];

/** The four that the page compares in any case; others come behind them once they were measured. */
const compared: readonly Engine[] = ['vllm', 'tgi', 'fastchat', 'transformers'];

const titles: Readonly<Record<Engine, string>> = {
  vllm: 'vLLM',
  tgi: 'TGI',
  fastchat: 'FastChat',
  transformers: 'Transformers',
  llamacpp: 'llama.cpp',
  sglang: 'SGLang',
};

/** The engine as its project writes itself. */
export function engineTitle(engine: Engine): string {
  return titles[engine];
}

/** Engines measured with the same model on the same hardware. */
export interface Comparison {
  readonly key: string;
  readonly model: string;
  readonly hardware: string;
  /** In the order of the chart. */
  readonly engines: readonly Engine[];
  readonly scored: readonly ScoredBenchmark[];
  /** Engines of the chart that nobody measured so. */
  readonly missing: readonly Engine[];
}

/** All comparisons, the one with the most engines first. */
export function comparisonsOf(benchmarks: readonly Benchmark[]): readonly Comparison[] {
  const groups = Map.groupBy(scoreBenchmarks(benchmarks), ({ benchmark: { model, hardware } }) =>
    JSON.stringify([model, hardware]),
  );
  return [...groups]
    .flatMap(([key, scored]) => {
      const first = scored[0]?.benchmark;
      if (!first) return [];
      const measured = scored.map(({ benchmark }) => benchmark.engine);
      const engines = [...compared, ...measured.filter(engine => !compared.includes(engine))];
      return {
        key,
        model: first.model,
        hardware: first.hardware,
        engines,
        scored: engines.flatMap(engine => scored.filter(({ benchmark }) => benchmark.engine === engine)),
        missing: engines.filter(engine => !measured.includes(engine)),
      };
    })
    .sort((a, b) => b.scored.length - a.scored.length);
}
