import type { Count } from './tally.ts';

/** A latency objective seen through a histogram's buckets, whose edges seldom lie on the limit. */
export interface HistogramLimit {
  /** The last edge that does not exceed the limit, as Prometheus writes it: events over it are bad at most. Absent when there is none. */
  readonly below?: string;
  /** The first edge that is not below the limit: events over it are bad at least. */
  readonly above?: string;
}

/**
 * @param edges of the histogram, as text, in the histogram's unit
 * @param limit in the same unit
 */
export function histogramLimit(edges: readonly string[], limit: number): HistogramLimit {
  const finite = edges
    .filter(edge => edge !== '' && Number.isFinite(Number(edge)))
    .sort((a, b) => Number(a) - Number(b));
  return {
    below: finite.findLast(edge => Number(edge) <= limit),
    above: finite.find(edge => Number(edge) >= limit),
  };
}

/**
 * Events of a histogram as independent ones. Where each request gives one, they are; where it gives many, as the gaps of
 * its answer, the requests count, each with the common share. Answers of chats are about exponentially long, for which
 * (Σ length)² / Σ length² is half of their number: so many count.
 * @param total events, and of these over each edge; an edge that does not exist has no number
 * @param requests that gave the events, where they are not the events themselves
 */
export function histogramCount(
  total: number,
  over: { readonly below?: number; readonly above?: number },
  requests?: number,
): Count {
  if (total <= 0) return { events: 0, bad: 0 };
  const events = requests === undefined ? total : Math.floor(requests / 2);
  // counters of a store that takes a scrape in parts may not agree
  const share = (count: number) => events * Math.min(1, Math.max(0, count / total));
  // without an edge on the one side nothing is known: all may be bad, and none has to be
  const bad = share(over.below ?? total);
  return { events, bad, leastBad: Math.min(bad, share(over.above ?? 0)) };
}
