import { metricsAmong } from '@fairway/engines';
import type { EngineProfile } from '@fairway/engines';
import { podsOfVersion, storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Prometheus } from '@fairway/clients/prometheus/index';

export interface Exposed {
  /** With the names that the pods of the version have for their metrics. */
  readonly profile: EngineProfile;
  /** What differs from the names that Fairway knows, a sentence each. */
  readonly differences: readonly string[];
}

/** An engine by the metrics that Prometheus holds of a version; as it was given while it holds none. */
export async function asExposed(
  server: Pick<Prometheus, 'query'>,
  service: Service,
  profile: EngineProfile,
  revision: string,
): Promise<Exposed> {
  const selector = storedSeries(service).of('', podsOfVersion(service, revision));
  const samples = await server.query(`count by (__name__) (${selector})`);
  // what Prometheus itself says of a target
  const names = new Set(
    samples.flatMap(({ metric }) => metric['__name__'] ?? []).filter(name => !ofEveryTarget.has(name)),
  );
  if (names.size === 0) return { profile, differences: [] };
  const { metrics, differences } = metricsAmong(profile.name, names);
  return { profile: { ...profile, metrics }, differences };
}

const ofEveryTarget: ReadonlySet<string> = new Set([
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
]);
