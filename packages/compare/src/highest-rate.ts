/** A rate that was tried, in requests a second. */
export interface Tried<Run> {
  readonly rate: number;
  readonly run: Run;
  readonly held: boolean;
}

export interface RateRange {
  /** First rate. */
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** Looks between the last rate that held and the first that did not; each halves the distance, as a ratio. */
  readonly refinements: number;
}

export interface HighestRate<Run> {
  readonly runs: readonly Tried<Run>[];
  readonly held: number | undefined;
  readonly missed: number | undefined;
}

/** Doubles the rate while it holds, or halves it until it does, then looks at the geometric means between. */
export async function highestRate<Run>(
  { start, least, most, refinements }: RateRange,
  measure: (rate: number) => Promise<{ readonly run: Run; readonly held: boolean }>,
): Promise<HighestRate<Run>> {
  const runs: Tried<Run>[] = [];
  let held: number | undefined;
  let missed: number | undefined;
  let left = refinements;
  for (let rate = start; ;) {
    const measured = await measure(rate);
    runs.push({ rate, ...measured });
    if (measured.held) held = rate;
    else missed = rate;
    if (held !== undefined && missed !== undefined) {
      if (left-- === 0) break;
      rate = rounded(Math.sqrt(held * missed));
      if (rate <= held || rate >= missed) break;
    } else if (held !== undefined) {
      if (held >= most) break;
      rate = Math.min(most, held * 2);
    } else {
      if (missed! <= least) break;
      rate = Math.max(least, missed! / 2);
    }
  }
  return { runs, held, missed };
}

/** Three digits, as people write a rate. */
function rounded(rate: number): number {
  return Number(rate.toPrecision(3));
}
