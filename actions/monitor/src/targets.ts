import { jobName, storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Prometheus, Target } from '@fairway/clients/prometheus/index';
import { ToolError } from '@fairway/clients/tool-error';

/**
 * Pods of the service that are scraped: by Prometheus' list of its targets, which loses a pod with the pod; where a store has no such
 * list, as Mimir and the managed ones, by what was scraped last.
 * @param operator whether the Prometheus operator made the scrape configuration, which names it in its own way
 */
export async function targetsOf(server: Prometheus, service: Service, operator: boolean): Promise<readonly Target[]> {
  const series = storedSeries(service);
  const { namespace, name } = service;
  const job = jobName(service);
  try {
    const found = await server.targets(operator ? `serviceMonitor/${namespace}/${name}/0` : job);
    // one Prometheus shows its external labels nowhere; what asks several of them does
    const ours = ({ labels }: Target) =>
      labels.job === job && Object.entries(series.labels).every(([key, value]) => (labels[key] ?? value) === value);
    return found.filter(ours);
  } catch (error) {
    // whoever is not let in is not let in to the query either, and that says so
    if (!(error instanceof ToolError) || !(Number(error.status) >= 400)) throw error;
  }
  const scraped = await server.query(series.of('up', `job="${job}"`));
  return scraped.map(({ metric, value }) => ({
    scrapePool: job,
    scrapeUrl: metric.pod ?? metric.instance ?? '',
    health: value === 1 ? 'up' : 'down',
    lastError: '',
    labels: metric,
  }));
}
