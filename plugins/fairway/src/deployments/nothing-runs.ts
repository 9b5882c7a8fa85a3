import type { ClusterStatus } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';

/** What is said where no version is seen: that nothing runs is known only of clusters that answer. */
export function useNothingRuns() {
  const { t } = useFairwayText();
  return (clusters: readonly ClusterStatus[]): { title: string; description: string } => {
    const live = clusters.filter(({ state }) => state === 'live').map(({ name }) => name);
    if (clusters.length === 0) return { title: t('clusters.none'), description: t('clusters.noneHint') };
    if (live.length === 0) return { title: t('deployments.unknown'), description: t('deployments.unknownHint') };
    return {
      title:
        live.length === clusters.length
          ? t('deployments.empty')
          : t('deployments.emptyOf', { clusters: live.join(', ') }),
      description: t('deployments.emptyHint'),
    };
  };
}
