import { revisionHeader } from '@fairway/clients/kubernetes/names';
import type { RequestSample } from '@fairway/indicators';
import type { Sent } from './generator.ts';

/** One measured request in the evidence. Times are milliseconds, rounded to hundredths. */
export interface Row {
  /** Since the first measured request was due. */
  readonly scheduled: number;
  /** How much later than scheduled it was sent: the generator's own lateness. */
  readonly late: number;
  /** First token, from when the request was due and from when it was sent. */
  readonly ttftFromScheduled: number | undefined;
  readonly ttftFromSent: number | undefined;
  readonly itl: readonly number[];
  /** From when it was sent to the end of the stream. */
  readonly duration: number;
  readonly tokens: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly errorDetail: string | undefined;
}

/** A request as the indicators judge it. */
export function sampleOf({ scheduledAt, outcome }: Sent): RequestSample {
  const revision = outcome.headers[revisionHeader];
  return {
    scheduledAt,
    sentAt: outcome.sentAt,
    firstTokenAt: outcome.tokensAt[0],
    lastTokenAt: outcome.tokensAt.at(-1),
    endedAt: outcome.endedAt,
    tokens: outcome.completionTokens ?? outcome.tokensAt.length,
    tokensBy: outcome.completionTokens === undefined ? 'chunks' : 'usage',
    gaps: gapsOf(outcome.tokensAt),
    status: outcome.status,
    error: outcome.error?.kind,
    revision: typeof revision === 'string' ? revision : undefined,
  };
}

export function rowsOf(sent: readonly Sent[]): readonly Row[] {
  const origin = sent[0]?.scheduledAt ?? 0;
  return sent.map(({ scheduledAt, outcome }) => {
    const [first] = outcome.tokensAt;
    return {
      scheduled: round(scheduledAt - origin),
      late: round(outcome.sentAt - scheduledAt),
      ttftFromScheduled: first === undefined ? undefined : round(first - scheduledAt),
      ttftFromSent: first === undefined ? undefined : round(first - outcome.sentAt),
      itl: gapsOf(outcome.tokensAt).map(round),
      duration: round(outcome.endedAt - outcome.sentAt),
      tokens: outcome.completionTokens ?? outcome.tokensAt.length,
      status: outcome.status,
      error: outcome.error?.kind,
      errorDetail: outcome.error?.detail,
    };
  });
}

function gapsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((at, index) => at - times[index]!);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
