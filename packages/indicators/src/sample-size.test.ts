import type { ShareObjective } from './objectives.ts';
import { requestsToDecide, sampleSize } from './sample-size.ts';

const of = (allowed: number, name: ShareObjective['name'] = 'availability'): ShareObjective => ({ name, allowed });

// scipy: the smallest n with binom.cdf(0, n, allowed) ≤ risk; and with binom.cdf(c, n, allowed) ≤ risk and binom.cdf(c, n, allowed / 4) ≥ 0.9
test.each([
  [0.005, 598, 1829],
  [0.05, 59, 181],
  [0.01, 299, 913],
  [0.001, 2995, 9151],
  [0.5, 5, 13],
])('an objective that allows %d needs this many requests', (allowed, least, advised) => {
  expect(sampleSize(of(allowed), 0.05)).toEqual({ least, advised });
});

test('inter-token latency is judged with half of the risk', () => {
  expect(sampleSize(of(0.05, 'inter-token-latency'), 0.05)).toEqual({ least: 72, advised: 230 });
});

test('a sample near the objective needs more than one far from it, one on it has no number', () => {
  const near = requestsToDecide(0.045, 0.05, 0.05)!;
  const far = requestsToDecide(0.01, 0.05, 0.05)!;
  expect(near).toBeGreaterThan(10 * far);
  expect(requestsToDecide(0.05, 0.05, 0.05)).toBeUndefined();
});
