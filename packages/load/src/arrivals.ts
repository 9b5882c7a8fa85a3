import { randomGamma } from 'd3-random';

/** A part of the load whose rate goes in a straight line, in requests a second. */
export interface RateSegment {
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

export interface TraceEntry {
  /** Milliseconds after the first. */
  readonly at: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

export type Arrivals =
  /**
   * Requests do not wait for answers, as independent users do not. `burstiness` is the shape of the gamma distribution of the
   * gaps, as in vLLM's benchmark: 1 is a Poisson process, below 1 is burstier, over 1 more regular, Infinity constant.
   */
  | { readonly kind: 'open'; readonly burstiness: number; readonly segments: readonly RateSegment[] }
  /** Each of so many users sends its next request when its last one is answered. */
  | { readonly kind: 'closed'; readonly concurrency: number; readonly seconds: number }
  /** At the times and with the lengths of a recording, but for so many of its requests that had failed when it was made. */
  | { readonly kind: 'replay'; readonly entries: readonly TraceEntry[]; readonly failed?: number };

export function secondsOf(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'open':
      return arrivals.segments.reduce((sum, segment) => sum + segment.seconds, 0);
    case 'closed':
      return arrivals.seconds;
    case 'replay': {
      // as many mean gaps as requests, so that the last one is inside; what comes at one moment takes a second
      const { length } = arrivals.entries;
      return ((arrivals.entries.at(-1)?.at ?? 0) * length) / Math.max(1, length - 1) / 1000 || 1;
    }
  }
}

/** Mean requests a second that are offered; undefined where the answers decide. */
export function offeredRate(arrivals: Arrivals): number | undefined {
  if (arrivals.kind === 'closed') return undefined;
  if (arrivals.kind === 'replay') return arrivals.entries.length / secondsOf(arrivals);
  const requests = arrivals.segments.reduce((sum, one) => sum + ((one.from + one.to) / 2) * one.seconds, 0);
  return requests / secondsOf(arrivals);
}

/**
 * Milliseconds at which requests are due: arrivals of a process with rate 1 on a clock that runs at the rate of the segments,
 * so that the gaps have the same shape at every rate.
 */
export function* openArrivals(
  segments: readonly RateSegment[],
  burstiness: number,
  random: () => number,
): Generator<number> {
  const gap = burstiness === Infinity ? () => 1 : randomGamma.source(random)(burstiness, 1 / burstiness);
  let due = gap();
  let begin = 0;
  for (const { from, to, seconds } of segments) {
    const area = ((from + to) / 2) * seconds;
    for (; due < area; due += gap()) yield (begin + timeOfArea(due, from, (to - from) / seconds)) * 1000;
    due -= area;
    begin += seconds;
  }
}

/** When `from`·t + `slope`·t²/2 reaches the area; the form of the root that is exact where the slope is 0. */
function timeOfArea(area: number, from: number, slope: number): number {
  return (2 * area) / (from + Math.sqrt(from * from + 2 * slope * area));
}
