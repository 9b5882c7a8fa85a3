export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A step of 1, 2 or 5 times a power of ten, so that the limits of the bins are numbers that people write. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find(times => times * power >= rough * 0.999) ?? 10);
}

/** Counts values in equally wide bins, about twenty over their range; a value on a limit belongs to the bin above it. */
export function binsOf(values: readonly number[]): readonly Bin[] {
  if (values.length === 0) return [];
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const step = roundStep(high > low ? (high - low) / 20 : Math.abs(high) / 20 || 1);
  const first = Math.floor(low / step);
  const counts: number[] = new Array<number>(Math.floor(high / step) - first + 1).fill(0);
  for (const value of values) {
    const index = Math.min(counts.length - 1, Math.max(0, Math.floor(value / step) - first));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  // computed from whole steps, without the crumbs of adding fractions
  const limit = (index: number) => Number(((first + index) * step).toPrecision(10));
  return counts.map((count, index) => ({ from: limit(index), to: limit(index + 1), count }));
}
