import { figuresOf } from './figures.ts';
import type { LoadResult } from './result.ts';

export interface Sweep {
  readonly runs: readonly LoadResult[];
  /** Highest rate that the service kept up with, in requests a second; undefined when it was none. */
  readonly sustained: number | undefined;
  /** Lowest rate that it did not; undefined when it kept up with all. */
  readonly saturated: number | undefined;
}

/** Least part of the requests that is answered while a service keeps up. */
const keepsUp = 0.9;
/** Deviations by which more requests run at the end than at the begin only where a service falls behind. */
const beyondChance = 3;
/** Runs that must all fall behind where each alone may do so by chance, as with a few long answers. */
const mostRuns = 3;
/** How much longer than at the first rate the median first token may take. */
const queueing = 5;
/** Runs between the last rate that was kept up with and the first that was not. */
const refinements = 2;

/**
 * Doubles the rate until the service does not keep up: fewer answers than were offered, errors, or a queue before the first
 * token. Then looks closer at the rates between.
 * @param measure runs the load at one rate, `again` with other times of the requests
 */
export async function sweep(
  from: number,
  to: number,
  measure: (rate: number, again: number) => Promise<LoadResult>,
): Promise<Sweep> {
  const runs: LoadResult[] = [];
  let good: number | undefined;
  let bad: number | undefined;
  let left = refinements;
  let again = 0;
  for (let rate = from; ;) {
    const result = await measure(rate, again);
    runs.push(result);
    if (result.interrupted || result.generator.bottleneck.length > 0) break;
    const behind = fallsBehind(result);
    if (behind === 'perhaps' && !saturates(result, runs[0]!) && ++again < mostRuns) continue;
    if (behind !== 'no' || saturates(result, runs[0]!)) bad = rate;
    else good = rate;
    again = 0;
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
    failed > (1 - keepsUp) * result.samples.length || (result !== first && median(result) > queueing * median(first))
  );
}

/** Whether ever more requests run. While a service keeps up their number is that of a Poisson process at any time. */
function fallsBehind({ rates, samples, from, to }: LoadResult): 'no' | 'perhaps' | 'yes' {
  if (rates.answered >= keepsUp * rates.sent) return 'no';
  const failed = samples.filter(({ error, endedAt }) => error && endedAt <= to).length;
  const more = ((rates.sent - rates.answered) * (to - from)) / 1000 - failed;
  const atEnd = samples.filter(({ sentAt, endedAt }) => sentAt <= to && endedAt > to).length;
  const atBegin = Math.max(0, atEnd - more);
  return more > beyondChance * Math.sqrt(Math.max(1, atBegin + atEnd)) ? 'yes' : 'perhaps';
}
