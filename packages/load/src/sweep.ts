import { figuresOf } from './figures.ts';
import type { LoadResult } from './result.ts';

export interface Sweep {
  readonly runs: readonly LoadResult[];
  /** Highest rate that the service kept up with, in requests a second; undefined when it was none. */
  readonly sustained: number | undefined;
  /** Lowest rate that it did not; undefined when it kept up with all. */
  readonly saturated: number | undefined;
}

/** Least part of the offered rate that is answered while a service keeps up. */
const keepsUp = 0.9;
/** How much longer than at the first rate the median first token may take. */
const queueing = 5;
/** Runs between the last rate that was kept up with and the first that was not. */
const refinements = 2;

/**
 * Doubles the rate until the service does not keep up: fewer answers than were offered, errors, or a queue before the first
 * token. Then looks closer at the rates between.
 * @param measure runs the load at one rate
 */
export async function sweep(from: number, to: number, measure: (rate: number) => Promise<LoadResult>): Promise<Sweep> {
  const runs: LoadResult[] = [];
  let good: number | undefined;
  let bad: number | undefined;
  let left = refinements;
  for (let rate = from; ;) {
    const result = await measure(rate);
    runs.push(result);
    if (result.interrupted || result.generator.bottleneck.length > 0) break;
    if (saturates(result, runs[0]!)) bad = rate;
    else good = rate;
    if (bad === undefined) {
      if (rate >= to) break;
      rate = Math.min(to, rate * 2);
    } else {
      if (good === undefined || left-- === 0) break;
      rate = (good + bad) / 2;
    }
  }
  return { runs, sustained: good, saturated: bad };
}

function saturates(result: LoadResult, first: LoadResult): boolean {
  const failed = result.samples.filter(sample => sample.error).length;
  const median = (of: LoadResult) => figuresOf(of).ttftFromScheduled?.p50 ?? Infinity;
  return (
    result.rates.answered < keepsUp * (result.rates.offered ?? 0) ||
    failed > (1 - keepsUp) * result.samples.length ||
    (result !== first && median(result) > queueing * median(first))
  );
}
