import type { Sent } from './generator.ts';

/** One measured request. Times are milliseconds, rounded to hundredths. */
export interface Row {
  /** Since the first measured request was due. */
  readonly scheduled: number;
  /** How much later than scheduled it was sent: the generator's own lateness. */
  readonly late: number;
  /** First non-empty piece of text, from when the request was due and from when it was sent. */
  readonly ttftFromScheduled: number | undefined;
  readonly ttftFromSent: number | undefined;
  /** Gaps between the pieces of this answer. */
  readonly itl: readonly number[];
  /** (end − first piece) / (tokens − 1); undefined for fewer than two tokens. */
  readonly tpot: number | undefined;
  /** From when it was sent to the end of the stream. */
  readonly duration: number;
  /** As the engine counted them, else the pieces of text. */
  readonly tokens: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly errorDetail: string | undefined;
  readonly good: boolean;
}

export interface Limits {
  /** Milliseconds. */
  readonly timeToFirstToken: number;
  readonly interTokenLatency: number;
}

/** How the numbers are meant; kept beside them in the evidence. */
export const definitions = {
  ttft: 'first non-empty piece of text − start; judged from when the request was due, so that a queue in front of the service counts',
  itl: 'gaps between the pieces of one answer; all gaps of all requests together for the percentile',
  tpot: '(last piece − first piece) / (tokens − 1) of one answer',
  goodput: 'percent of all measured requests without an error, with ttft and tpot within the objectives',
  error:
    'a status other than 200, a lost connection, no end in time, an error inside the stream, an end without [DONE] from an engine that sends it, or an answer without text',
  percentile: 'nearest rank',
  interval: '95 % bootstrap interval over requests, 2000 resamples, fixed seed',
} as const;

/** Rows of the measured requests; those of the warm-up are left out. */
export function rowsOf(sent: readonly Sent[], limits: Limits): readonly Row[] {
  const measured = sent.filter(one => !one.warmUp);
  const origin = measured[0]?.scheduledAt ?? 0;
  return measured.map(({ scheduledAt, outcome }) => {
    const [first] = outcome.tokensAt;
    const last = outcome.tokensAt.at(-1);
    const tokens = outcome.completionTokens ?? outcome.tokensAt.length;
    const ttftFromScheduled = first === undefined ? undefined : first - scheduledAt;
    const tpot = first !== undefined && last !== undefined && tokens > 1 ? (last - first) / (tokens - 1) : undefined;
    const good =
      !outcome.error &&
      (ttftFromScheduled ?? Infinity) <= limits.timeToFirstToken &&
      (tpot ?? 0) <= limits.interTokenLatency;
    return {
      scheduled: round(scheduledAt - origin),
      late: round(outcome.sentAt - scheduledAt),
      ttftFromScheduled: ttftFromScheduled === undefined ? undefined : round(ttftFromScheduled),
      ttftFromSent: first === undefined ? undefined : round(first - outcome.sentAt),
      itl: outcome.tokensAt.slice(1).map((at, index) => round(at - (outcome.tokensAt[index] ?? at))),
      tpot: tpot === undefined ? undefined : round(tpot),
      duration: round(outcome.endedAt - outcome.sentAt),
      tokens,
      status: outcome.status,
      error: outcome.error?.kind,
      errorDetail: outcome.error?.detail,
      good,
    };
  });
}

/** Nearest-rank percentile; undefined without values. */
export function percentile(values: readonly number[], rank: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1))];
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
