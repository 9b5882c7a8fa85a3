import jstat from 'jstat';
import { binomial } from './binomial.ts';

/** Both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Exact two-sided interval of a share (Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case
 * of the binomial, Biometrika 26, 1934), by quantiles of the beta distribution.
 * @param count events of `n`; may have a fraction
 * @param tail probability, 0 to 1, with which each end may be wrong
 */
export function shareInterval(count: number, n: number, tail: number): Interval {
  return {
    low: count <= 0 ? 0 : jstat.jStat.beta.inv(tail, count, n - count + 1),
    high: count >= n ? 1 : jstat.jStat.beta.inv(1 - tail, count + 1, n - count),
  };
}

/**
 * Distribution-free interval of a percentile: two of the sorted values themselves, whose ranks the binomial distribution
 * gives (David and Nagaraja, Order Statistics, 3rd edition, 7.1). An end is infinite when no value of so few can bound it.
 * @param independent how many of the values are independent of each other; fewer than there are where several come from one request
 * @param tail probability, 0 to 1, with which each end may be wrong
 */
export function percentileInterval(
  sorted: ArrayLike<number>,
  rank: number,
  tail: number,
  independent = sorted.length,
): Interval {
  const { from, probabilities } = binomial(independent, rank / 100);
  // the number of values below the percentile lies between these two
  let lowest = from;
  for (let mass = probabilities[0]!; mass <= tail; mass += probabilities[lowest - from] ?? Infinity) lowest++;
  let highest = from + probabilities.length - 1;
  for (let mass = probabilities.at(-1)!; mass <= tail; mass += probabilities[highest - from] ?? Infinity) highest--;
  const at = (count: number) => sorted[Math.ceil((count / independent) * sorted.length) - 1];
  return {
    low: lowest === 0 ? 0 : at(lowest)!,
    high: highest >= independent ? Infinity : at(highest + 1)!,
  };
}
