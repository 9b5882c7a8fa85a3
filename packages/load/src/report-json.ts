import { figuresOf } from './figures.ts';
import type { LoadResult } from './result.ts';

/** A run as plain JSON: everything that was measured, and the figures. */
export function jsonReport(result: LoadResult): object {
  return {
    ...result,
    figures: figuresOf(result),
    // a thousandth of a millisecond is finer than any clock of a network
    samples: result.samples.map(sample => ({
      ...sample,
      gaps: Array.from(sample.gaps, gap => Math.round(gap * 1000) / 1000),
    })),
  };
}
