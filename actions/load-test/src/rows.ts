import type { LoadSample } from '@fairway/load';

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
  readonly tokens: number | undefined;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly errorDetail: string | undefined;
}

export function rowsOf(samples: readonly LoadSample[]): readonly Row[] {
  const origin = samples[0]?.scheduledAt ?? 0;
  return samples.map(sample => {
    const { scheduledAt, sentAt, firstTokenAt } = sample;
    return {
      scheduled: round(scheduledAt - origin),
      late: round(sentAt - scheduledAt),
      ttftFromScheduled: firstTokenAt === undefined ? undefined : round(firstTokenAt - scheduledAt),
      ttftFromSent: firstTokenAt === undefined ? undefined : round(firstTokenAt - sentAt),
      itl: Array.from(sample.gaps, round),
      duration: round(sample.endedAt - sentAt),
      tokens: sample.tokens,
      status: sample.status,
      error: sample.error,
      errorDetail: sample.errorDetail,
    };
  });
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
