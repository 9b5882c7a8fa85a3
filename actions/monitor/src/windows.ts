import type { CountedWindow, RecordedWindow } from '@fairway/indicators';

/** Multiwindow, multi-burn-rate alerting as in the SRE workbook: the long window says that it matters, the short one that it lasts. */
export interface BurnRate {
  readonly factor: number;
  readonly long: CountedWindow;
  readonly short: RecordedWindow;
}

export const pageRates: readonly BurnRate[] = [
  { factor: 14.4, long: '1h', short: '5m' },
  { factor: 6, long: '6h', short: '30m' },
];

export const ticketRates: readonly BurnRate[] = [
  { factor: 3, long: '1d', short: '2h' },
  { factor: 1, long: '3d', short: '6h' },
];

/**
 * Error ratio over which a rate alerts. A wide budget times a high factor would be over 1 and could never be reached: it
 * is held halfway between the budget and a total outage.
 */
export function alertThreshold(factor: number, budget: number): number {
  return Number(Math.min(factor * budget, (1 + budget) / 2).toPrecision(6));
}

/** Bad events in the long window without which nothing alerts: where few ask, one or two are a large share and say little. */
export const leastBadEvents = 3;
