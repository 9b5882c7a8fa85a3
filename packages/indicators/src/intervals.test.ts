import { percentileInterval, shareInterval } from './intervals.ts';
import { percentile } from './percentile.ts';

// scipy 1.x: beta.ppf(tail, k, n - k + 1) and beta.ppf(1 - tail, k + 1, n - k)
test.each([
  [0, 598, 0.05, 0, 0.004997058694246506],
  [3, 30, 0.025, 0.02111713702972257, 0.2652884504742081],
  [30, 100_000, 0.025, 0.00020241760578305196, 0.00042824118644745957],
  [597, 598, 0.05, 0.9920919054336146, 0.9999142289387694],
])('%d of %d: the interval of Clopper and Pearson', (count, n, tail, low, high) => {
  const interval = shareInterval(count, n, tail);
  expect(interval.low).toBeCloseTo(low, 9);
  expect(interval.high).toBeCloseTo(high, 9);
});

// ranks by scipy's binom.cdf and binom.sf
test.each([
  [30, 95, 0.05, 26, 31],
  [59, 95, 0.05, 53, 59],
  [200, 95, 0.025, 184, 197],
  [1000, 50, 0.025, 469, 532],
  [1000, 99, 0.05, 985, 996],
])('of %d values the p%d lies between two of them', (n, rank, tail, low, high) => {
  const values = Float64Array.from({ length: n }, (_, index) => index + 1);
  expect(percentileInterval(values, rank, tail)).toEqual({ low, high: high > n ? Infinity : high });
});

test('values of fewer independent requests have a wider interval', () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => index + 1);
  const alone = percentileInterval(values, 50, 0.025);
  const clustered = percentileInterval(values, 50, 0.025, 100);
  expect(clustered.low).toBeLessThan(alone.low);
  expect(clustered.high).toBeGreaterThan(alone.high);
  // scipy: ranks 40 and 61 of 100
  expect(clustered).toEqual({ low: 400, high: 610 });
});

test('a percentile is a value that was measured', () => {
  expect(percentile([1, 2, 3, 4], 50)).toBe(2);
  expect(percentile([1, 2, 3, 4], 51)).toBe(3);
  expect(percentile([1, 2, 3, 4], 99.99)).toBe(4);
  expect(percentile([], 95)).toBeUndefined();
});
