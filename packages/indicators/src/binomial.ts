import jstat from 'jstat';

/** Probabilities of a run of neighbouring counts; those outside are below 1e-15 together with their tail. */
export interface Window {
  /** Count of the first probability. */
  readonly from: number;
  readonly probabilities: Float64Array;
}

const negligible = 1e-17;

/** Binomial(n, share): from its mode outwards, by the ratio of neighbours, so that no factorial overflows. */
export function binomial(n: number, share: number): Window {
  if (share <= 0 || n === 0) return { from: 0, probabilities: Float64Array.of(1) };
  if (share >= 1) return { from: n, probabilities: Float64Array.of(1) };
  const odds = share / (1 - share);
  const mode = Math.min(n, Math.floor((n + 1) * share));
  const atMode = Math.exp(
    jstat.jStat.gammaln(n + 1) -
      jstat.jStat.gammaln(mode + 1) -
      jstat.jStat.gammaln(n - mode + 1) +
      mode * Math.log(share) +
      (n - mode) * Math.log1p(-share),
  );
  const below: number[] = [];
  for (let count = mode, value = atMode; count > 0 && value > negligible; count--) {
    value *= count / ((n - count + 1) * odds);
    below.push(value);
  }
  const above: number[] = [];
  for (let count = mode, value = atMode; count < n && value > negligible; count++) {
    value *= ((n - count) * odds) / (count + 1);
    above.push(value);
  }
  return { from: mode - below.length, probabilities: Float64Array.of(...below.reverse(), atMode, ...above) };
}

/** Sum of two independent counts. */
export function sum(one: Window, other: Window): Window {
  const probabilities = new Float64Array(one.probabilities.length + other.probabilities.length - 1);
  for (const [index, weight] of one.probabilities.entries()) {
    for (let step = 0; step < other.probabilities.length; step++)
      probabilities[index + step]! += weight * other.probabilities[step]!;
  }
  const first = Math.max(0, probabilities.findIndex(likely));
  const last = probabilities.findLastIndex(likely);
  return { from: one.from + other.from + first, probabilities: probabilities.slice(first, last + 1) };
}

/** Probability of a count of at most so many. */
export function atMost({ from, probabilities }: Window, count: number): number {
  let total = 0;
  for (let index = 0; index < probabilities.length && from + index <= count; index++) total += probabilities[index]!;
  return total;
}

function likely(probability: number): boolean {
  return probability > negligible;
}
