import type { IndicatorRange } from '@fairway/backstage-plugin-fairway-common';
import type { Series, TimeRange } from '@fairway/clients/prometheus/index';
import type { RecordedWindow } from '@fairway/indicators';

/** Seconds of a range and between two of its moments, and the window that ends at each: one that leaves no time out. */
const forms: Readonly<Record<IndicatorRange, { seconds: number; step: number; window: RecordedWindow }>> = {
  '1h': { seconds: 3600, step: 60, window: '5m' },
  '24h': { seconds: 86_400, step: 300, window: '5m' },
  '7d': { seconds: 604_800, step: 3600, window: '1h' },
};

export interface Moments extends TimeRange {
  readonly window: RecordedWindow;
}

/** The moments of a range until now. They are the same for all who ask within one step. */
export function momentsOf(range: IndicatorRange, now: Date): Moments {
  const { seconds, step, window } = forms[range];
  const to = Math.floor(now.getTime() / 1000 / step) * step;
  return { from: to - seconds, to, step, window };
}

/** One value for each moment, null where the series has none. */
export function alignedTo({ from, to, step }: TimeRange, series: Series | undefined): (number | null)[] {
  const values: (number | null)[] = Array(Math.round((to - from) / step) + 1).fill(null);
  for (const [time, value] of series?.values ?? []) {
    const place = Math.round((time - from) / step);
    if (place >= 0 && place < values.length && Number.isFinite(value)) values[place] = value;
  }
  return values;
}
