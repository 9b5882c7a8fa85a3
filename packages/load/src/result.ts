import type { Arrivals } from './arrivals.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadSample } from './sample.ts';
import { isUnsent } from './unsent.ts';

export interface GeneratorHealth {
  readonly threads: number;
  /** Milliseconds by which requests were sent later than they were due. */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Milliseconds by which the slowest event loop was held up. */
  readonly loopDelay: { readonly p99: number; readonly most: number };
  /** Share of the time in which the busiest event loop worked, 0 to 1. */
  readonly busy: number;
  /** Processor seconds by elapsed seconds of this process. */
  readonly cpu: number;
  /** Requests for which this machine had no connection, and the first error of them. Absent where it had one for each. */
  readonly unsent?: { readonly requests: number; readonly code: string };
  /** Why the figures say more of the generator than of the service, a sentence each; empty when they do not. */
  readonly bottleneck: readonly string[];
}

export interface Rates {
  /** Requests a second, over the seconds in which requests were sent. */
  readonly offered: number | undefined;
  readonly sent: number;
  /** Answered without an error in that time. */
  readonly answered: number;
  /** Tokens that arrived in that time, a second. Of chunks where nobody counts tokens. */
  readonly tokens: number;
}

export interface LoadResult {
  readonly url: string;
  readonly plan: LoadPlan;
  /** When the measured part began. */
  readonly startedAt: string;
  /** The measured part on the clock of the samples, in milliseconds. */
  readonly from: number;
  readonly to: number;
  /** `warm`: the prompts are those of every run of this seed, and an engine may answer from its prefix cache. */
  readonly cache: 'cold' | 'warm';
  readonly warmUp: { readonly seconds: number; readonly requests: number; readonly steady: boolean };
  readonly rates: Rates;
  readonly generator: GeneratorHealth;
  /** It was stopped before the end of the plan. */
  readonly interrupted: boolean;
  /** What went wrong with the run as a whole, in a sentence. */
  readonly trouble: string | undefined;
  readonly samples: readonly LoadSample[];
}

/**
 * @param samples measured requests
 * @param before  those of the warm-up that ended in the measured part
 * @param from    begin and end of the measured part, on the clock of the samples
 */
export function ratesOf(
  samples: readonly LoadSample[],
  before: readonly LoadSample[],
  arrivals: Arrivals,
  from: number,
  to: number,
): Rates {
  const seconds = (to - from) / 1000;
  const inside = (at: number) => at >= from && at <= to;
  const all = [...before, ...samples];
  const count = (wanted: (sample: LoadSample) => boolean) => all.filter(wanted).length / seconds;
  return {
    offered: arrivals.kind === 'closed' ? undefined : count(sample => sample.turn === 0 && inside(sample.scheduledAt)),
    sent: count(sample => inside(sample.sentAt)),
    answered: count(sample => !sample.error && !sample.cancelled && inside(sample.endedAt)),
    tokens: all.reduce((sum, sample) => sum + tokensInside(sample, inside), 0) / seconds,
  };
}

/** Tokens of an answer that arrived in that time: its pieces, each with its part of the tokens. */
function tokensInside(sample: LoadSample, inside: (at: number) => boolean): number {
  const tokens = sample.tokens ?? 0;
  if (sample.firstTokenAt === undefined) return inside(sample.endedAt) ? tokens : 0;
  let at = sample.firstTokenAt;
  let pieces = inside(at) ? 1 : 0;
  for (const gap of sample.gaps) {
    at += gap;
    if (inside(at)) pieces++;
  }
  return (tokens * pieces) / (sample.gaps.length + 1);
}

/** When all or nearly all requests failed in one way, that is the result, in one sentence. */
export function troubleOf(samples: readonly LoadSample[]): string | undefined {
  if (samples.length === 0) return 'No request was due in the measured part: make it longer, or the rate higher.';
  const failed = samples.filter(sample => sample.error !== undefined);
  if (failed.length === 0 || failed.length < samples.length / 2) return undefined;
  const ways = Object.groupBy(failed, sample => `${sample.error} ${sample.status ?? ''}`);
  const [first, ...others] = Object.values(ways).sort((a, b) => b!.length - a!.length);
  const { status, error, errorDetail } = first![0]!;
  const how = `${first!.length} of ${samples.length} requests ended with ${errorDetail ?? error}`;
  const rest = others.length > 0 ? `, ${failed.length - first!.length} with other errors` : '';
  const advice =
    status === 429
      ? ' The rate limit was measured and not the service: raise it or lower the load.'
      : status === 401
        ? ' The token is missing or over.'
        : status === 502 || status === 503 || status === 504
          ? ' What answers there has no server behind it that is ready: look at the log of that server.'
          : isUnsent(first![0]!)
            ? ' Raise the limit of open files (ulimit -n), or lower the load.'
            : error === 'connection'
              ? ' Look whether the server still runs, and how many connections it takes.'
              : '';
  return `${how}${rest}.${advice}`;
}
