import { percentile as percentileOf } from '@fairway/indicators';

/** Nearest-rank percentile of measured values, as the load test counts it. @param rank 0 to 100 */
export function percentile(values: readonly number[], rank: number): number {
  const found = percentileOf(
    [...values].sort((a, b) => a - b),
    rank,
  );
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
}
