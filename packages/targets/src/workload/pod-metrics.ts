import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { ToolError } from '@fairway/clients/tool-error';
import { measuresOf } from './scale-measures.ts';
import type { Measure, ScalingMetric } from './scale-measures.ts';

/** The API of Kubernetes in which an adapter serves metrics of pods. */
const group = 'custom.metrics.k8s.io';

/** Names in that API, the same for all engines. */
export const podMetrics: Readonly<Record<ScalingMetric, string>> = {
  requestsWaiting: 'fairway_requests_waiting',
  requestsRunning: 'fairway_requests_running',
  kvCacheUsage: 'fairway_kv_cache_usage',
};

/**
 * What a HorizontalPodAutoscaler compares. A metric of pods and no external one: KEDA, where it is there too, serves the external ones of a cluster
 * alone, and pods that have no number yet count as idle when some are to come and as busy when some are to go.
 */
export function metricOfPods({ metric, threshold }: Measure): object {
  const target = { type: 'AverageValue', averageValue: quantityOf(threshold) };
  return { type: 'Pods', pods: { metric: { name: podMetrics[metric] }, target } };
}

/** A number as Kubernetes writes it: in thousandths, ones or thousands, whichever needs no fraction. An adapter answers in thousandths. */
function quantityOf(value: number): string {
  const thousandths = Math.max(Math.round(value * 1000), 1);
  if (thousandths % 1000 !== 0) return `${thousandths}m`;
  return thousandths % 1_000_000 === 0 ? `${thousandths / 1_000_000}k` : String(thousandths / 1000);
}

/** What an adapter says that it serves. */
interface Served {
  readonly resources: readonly { readonly name: string }[];
}

/**
 * Whether the cluster serves the metrics that a HorizontalPodAutoscaler of a service asks for, as a paragraph where not. An adapter lists a metric
 * once Prometheus has it, so one that is not listed may only be new.
 */
export async function missingPodMetrics(
  cluster: Cluster,
  service: Service,
): Promise<{ readonly missing?: Reason; readonly unknown?: string }> {
  const served = await preferred(cluster);
  if (!served) return { missing: reasonOf('missing.podMetrics', { context: cluster.context, group }) };
  const lacking = measuresOf(service)
    .map(({ metric }) => `pods/${podMetrics[metric]}`)
    .filter(name => !served.resources.some(one => one.name === name));
  if (lacking.length === 0) return {};
  return {
    unknown: `The adapter that serves ${group} in the cluster of context "${cluster.context}" has no ${lacking.join(' and no ')} yet. It has them once \`monitor\` has the first pods of any such service scraped; see that it has the rules that docs/scaling.md shows and \`fairway render\` writes. Without them the number of pods stays.`,
  };
}

async function preferred(cluster: Cluster): Promise<Served | undefined> {
  try {
    const { preferredVersion } = await cluster.request<{ preferredVersion: { groupVersion: string } }>(
      'GET',
      `/apis/${group}`,
    );
    return await cluster.request<Served>('GET', `/apis/${preferredVersion.groupVersion}`);
  } catch (error) {
    if (error instanceof ToolError && error.status === 404) return undefined;
    throw error;
  }
}
