import { percentile as percentileOf } from '../../actions/load-test/src/indicators.ts';

/** Nearest-rank percentile of measured values, as load-test counts it. @param rank 0 to 100 */
export function percentile(values: readonly number[], rank: number): number {
  const found = percentileOf(values, rank);
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
}
