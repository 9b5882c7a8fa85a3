/** Nearest-rank percentile of sorted values: the smallest one that `rank` percent of them do not exceed. */
export function percentile(sorted: ArrayLike<number>, rank: number): number | undefined {
  return sorted[Math.min(sorted.length, Math.max(1, Math.ceil((rank / 100) * sorted.length))) - 1];
}
