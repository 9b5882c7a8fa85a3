import type { ClusterSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';

/** Metrics of NVIDIA's DCGM exporter: the last critical error (0 for none), percent, MiB. */
export const xid = 'DCGM_FI_DEV_XID_ERRORS';
export const utilisation = 'DCGM_FI_DEV_GPU_UTIL';
export const memoryUsed = 'DCGM_FI_DEV_FB_USED';

/**
 * A metric of the GPUs that pods of the service hold. The exporter names these by labels that the scrape has too, so Prometheus puts them behind a
 * prefix where it does not honour them. Names of revisions are hexadecimal: a service whose name begins like this one has others.
 */
export function ofGpus({ namespace, name }: Service, metric: string, series: ClusterSeries): string {
  return ['exported_', '']
    .map(prefix => series.of(metric, `${prefix}namespace="${namespace}",${prefix}pod=~"${name}-[0-9a-f]{8}-.*"`))
    .join(' or ');
}
