import type { RequestSample } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Draw } from './draw.ts';

/** What a simulated service does wrong: the objective that is at `factor` times its limit, the others far better than theirs. */
export interface Fault {
  readonly objective: 'availability' | 'time-to-first-token' | 'inter-token-latency' | 'goodput';
  readonly factor: number;
}

/** Shape of the answers, unknown to the gates. */
export interface Shape {
  /** Part of the variance of ln(gap) that all gaps of one answer share, 0 to 1. */
  readonly correlation: number;
  readonly tokens: 'two' | 'fixed' | 'lognormal';
}

const lengths: Readonly<Record<Shape['tokens'], (draw: Draw) => number>> = {
  two: () => 2,
  fixed: () => 16,
  lognormal: draw => Math.max(2, Math.round(12 * Math.exp(draw.normal()))),
};

/** Standard deviation of ln(latency). */
const spread = 0.5;
/** A latency that is not at fault has its percentile here, as a part of its limit. */
const quiet = 0.2;

/** Requests of a service with one fault; each latency is lognormal, with its percentile where the fault puts it. */
export function traffic(
  objectives: Service['objectives'],
  { objective, factor }: Fault,
  shape: Shape,
  draw: Draw,
): () => RequestSample {
  const allowed = (percent: number) => Math.min(1, factor * (1 - percent / 100));
  const median = (latency: Service['objectives']['timeToFirstToken'], name: Fault['objective']) =>
    (latency.milliseconds * (objective === name ? factor : quiet)) /
    Math.exp(spread * normalQuantile(latency.percentile / 100));
  const firstToken = median(objectives.timeToFirstToken, 'time-to-first-token');
  const gap = median(objectives.interTokenLatency, 'inter-token-latency');
  const shared = spread * Math.sqrt(shape.correlation);
  const own = spread * Math.sqrt(1 - shape.correlation);
  const errors = objective === 'availability' ? allowed(objectives.availability) : 0;
  const late = objective === 'goodput' ? allowed(objectives.goodput) : 0;
  return () => {
    if (draw.uniform() < errors)
      return { scheduledAt: 0, sentAt: 0, endedAt: 1, tokensBy: 'chunks', gaps: [], status: 503, error: 'status' };
    const tokens = lengths[shape.tokens](draw);
    const slow = Math.exp(shared * draw.normal());
    const gaps = Float64Array.from({ length: tokens - 1 }, () => gap * slow * Math.exp(own * draw.normal()));
    const firstTokenAt =
      draw.uniform() < late
        ? 2 * objectives.timeToFirstToken.milliseconds
        : firstToken * Math.exp(spread * draw.normal());
    const lastTokenAt = firstTokenAt + gaps.reduce((sum, one) => sum + one, 0);
    return {
      scheduledAt: 0,
      sentAt: 0,
      firstTokenAt,
      lastTokenAt,
      endedAt: lastTokenAt,
      tokens,
      tokensBy: 'usage',
      gaps,
      status: 200,
      revision: 'simulated',
    };
  };
}

/** Quantile of the standard normal distribution, by bisection of its distribution function. */
function normalQuantile(probability: number): number {
  let low = -9;
  let high = 9;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < probability) low = middle;
    else high = middle;
  }
  return low;
}

/** Marsaglia, Evaluating the normal distribution, Journal of Statistical Software 11, 2004: exact to double precision. */
function normalDistribution(x: number): number {
  let sum = x;
  let term = x;
  for (let n = 3, before = 0; sum !== before; n += 2) {
    before = sum;
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.91893853320467274178);
}
