import { podsOfVersion, storedSeries } from '@fairway/indicators';
import type { ObjectiveName } from '@fairway/indicators';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { Prometheus } from '@fairway/clients/prometheus/index';

/** A latency that a candidate must keep beside the version that serves, stricter than the objective. */
export interface Pace {
  /** Edge of the histogram, so that no answer between two edges leaves it open. */
  readonly milliseconds: number;
  /** What the version that serves keeps, at the percentile of the objective: an edge too. */
  readonly ofStable: number;
}

export type Paces = Readonly<Partial<Record<ObjectiveName, Pace>>>;

/** Over which the version that serves is looked at. */
const window = '10m';

/** Answers over the percentile that there must be at least: with fewer it moves from one ten minutes to the next. */
const leastOver = 10;

/**
 * How slow a candidate may be because the version that serves is quicker than its objectives ask for: `release.slowdown` times as slow as that one
 * is for its users now, at the percentile of each objective. Both are read from the engine's histograms: they begin and end at the engine, so
 * that no network is between the two.
 * @returns nothing for an objective that is stricter, for an engine without histograms, and where too few users asked
 */
export async function pacesBeside(
  server: Pick<Prometheus, 'query'>,
  service: Service,
  { metrics }: EngineProfile,
  stable: string,
): Promise<Paces> {
  const series = storedSeries(service);
  const { objectives, release } = service;
  const first = metrics.timeToFirstToken;
  if (!first) return {};
  const found: Partial<Record<ObjectiveName, Pace>> = {};
  const users = await cumulative(first);
  for (const [name, metric, { percentile, milliseconds }] of [
    ['time-to-first-token', first, objectives.timeToFirstToken],
    ['inter-token-latency', metrics.interTokenLatency, objectives.interTokenLatency],
  ] as const) {
    // many tokens are of one answer, so answers are what there must be enough of
    if (!metric || (users.at(-1)?.count ?? 0) * (1 - percentile / 100) < leastOver) continue;
    const buckets = metric === first ? users : await cumulative(metric);
    const all = buckets.at(-1)?.count ?? 0;
    const held = buckets.find(({ count }) => all > 0 && count >= (percentile / 100) * all)?.edge ?? Infinity;
    const most = buckets.find(({ edge }) => edge >= release.slowdown * held)?.edge ?? Infinity;
    if (1000 * most < milliseconds) found[name] = { milliseconds: 1000 * most, ofStable: 1000 * held };
  }
  return found;

  /** Answers up to each edge, the last one without an end. */
  async function cumulative(metric: string) {
    const selector = series.of(`${metric}_bucket`, podsOfVersion(service, stable));
    const samples = await server.query(`sum by (le) (increase(${selector}[${window}]))`);
    return samples
      .map(({ metric: { le }, value }) => ({ edge: le === '+Inf' ? Infinity : Number(le), count: value }))
      .sort((a, b) => a.edge - b.edge);
  }
}
