import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type Benchmark, benchmarkSchema } from '@fairway/backstage-plugin-fairway-common';
import { z } from 'zod';
import { problemText } from '../http/problem-text.ts';

/**
 * Measurements that were not made by a delivery: `fairway.benchmarks`, mostly a file that the configuration includes.
 * @throws InputError that says which one does not fit
 */
export function configuredBenchmarks(config: Config): readonly Benchmark[] {
  const given = config.getOptional('fairway.benchmarks');
  if (given === undefined) return [];
  const parsed = z.array(benchmarkSchema).safeParse(given);
  if (!parsed.success) {
    throw new InputError(
      `The configuration fairway.benchmarks does not hold measurements: ${problemText(parsed.error)}. Each has engine, version, model, hardware, source, measuredAt, tokensPerSecond, timeToFirstTokenP95 and goodput.`,
    );
  }
  return parsed.data;
}
