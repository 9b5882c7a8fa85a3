import type { ClusterStatus } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';

/** That no cluster has GPUs, which is only known where all of them answer. */
export function useNoGpus(): (clusters: readonly ClusterStatus[]) => string {
  const { t } = useFairwayText();
  return clusters =>
    clusters.length === 0
      ? t('clusters.none')
      : t(clusters.every(({ state }) => state === 'live') ? 'gpu.empty' : 'gpu.noneSeen');
}
