import { percentile } from '@fairway/indicators/percentile';
import { timePerOutputToken } from '@fairway/indicators/request-sample';
import type { LoadResult } from './result.ts';
import type { LoadSample } from './sample.ts';

/** Milliseconds. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** Distributions of one run; one without values is absent. */
export interface LatencyFigures {
  /** First token, from when a request was sent and from when it was due. */
  readonly ttftFromSent?: Distribution;
  readonly ttftFromScheduled?: Distribution;
  /** Inter-token latency; absent where several tokens come in one chunk, or nobody counts them. */
  readonly itl?: Distribution;
  /** Gaps between chunks where they are not inter-token latency. */
  readonly chunkGaps?: Distribution;
  readonly tpot?: Distribution;
  /** From sending to the end of the answer. */
  readonly duration?: Distribution;
}

export function figuresOf({ samples }: LoadResult): LatencyFigures {
  const of = (value: (sample: LoadSample) => number | undefined) =>
    distribution(samples.flatMap(sample => value(sample) ?? []));
  const gaps = (areTokens: boolean) => {
    const chosen = samples.filter(sample => sample.gapsAreTokens === areTokens).map(sample => sample.gaps);
    const all = new Float64Array(chosen.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of chosen) {
      all.set(one, at);
      at += one.length;
    }
    return distribution(all);
  };
  return {
    ttftFromSent: of(one => one.firstTokenAt && one.firstTokenAt - one.sentAt),
    ttftFromScheduled: of(one => one.firstTokenAt && one.firstTokenAt - one.scheduledAt),
    itl: gaps(true),
    chunkGaps: gaps(false),
    tpot: of(timePerOutputToken),
    duration: of(one => (one.error || one.cancelled ? undefined : one.endedAt - one.sentAt)),
  };
}

function distribution(values: ArrayLike<number>): Distribution | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (rank: number) => percentile(sorted, rank)!;
  return {
    count: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    most: sorted.at(-1)!,
  };
}

/** Requests by how they ended: `ok`, `cancelled` or the kind of error. */
export function endings(samples: readonly LoadSample[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { error, cancelled, status } of samples) {
    const ending = cancelled ? 'cancelled' : error === 'status' ? `HTTP ${status}` : (error ?? 'ok');
    counts[ending] = (counts[ending] ?? 0) + 1;
  }
  return counts;
}
