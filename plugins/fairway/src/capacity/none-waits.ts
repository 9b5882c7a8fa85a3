import type { ClusterStatus } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';

/** That no pod waits for GPUs, which is known only of clusters that answer. */
export function useNoneWaits(): (clusters: readonly ClusterStatus[]) => string {
  const { t } = useFairwayText();
  return clusters => {
    const live = clusters.filter(({ state }) => state === 'live').map(({ name }) => name);
    if (clusters.length === 0) return t('gpu.waitingUnwatched');
    if (live.length === 0) return t('gpu.waitingUnknown');
    return live.length === clusters.length
      ? t('gpu.noneWaiting')
      : t('gpu.noneWaitingOf', { clusters: live.join(', ') });
  };
}
