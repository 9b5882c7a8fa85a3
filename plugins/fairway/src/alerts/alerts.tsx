import { Text } from '@backstage/ui';
import type { AlertSourceStatus } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterFilter } from '../view/cluster-filter.tsx';
import { Empty } from '../view/empty.tsx';
import type { ServiceOfEntity } from '../view/of-entity.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { AlertsTable } from './alerts-table.tsx';
import { ResolvedAlerts } from './resolved-alerts.tsx';
import { WatchNotices } from './watch-notices.tsx';

export const refresh: Refresh = { on: ['alerts'], every: 30 };

interface AlertsProps extends ServiceOfEntity {
  /** Part of a page: one line while there is none, and the page chooses the cluster. */
  readonly brief?: boolean;
}

/** Alerts of one service; a new one appears by signal. */
export function Alerts({ service, namespace, brief = false }: AlertsProps) {
  const { values, put } = useFilters(['cluster']);
  const { cluster } = values;
  const asked = useOperation('alerts', { query: { service, namespace, cluster } }, refresh);
  return (
    <Answer asked={asked}>
      {({ sources, unwatched, items }) => (
        <>
          {!brief && (
            <ClusterFilter
              clusters={[...sources.flatMap(source => source.clusters), ...unwatched]}
              value={cluster}
              onChange={value => put('cluster', value)}
            />
          )}
          <WatchNotices sources={sources} unwatched={unwatched} />
          {items.length === 0 ? (
            <NoAlert sources={sources} brief={brief} />
          ) : (
            <AlertsTable alerts={items} onUpdated={asked.reload} />
          )}
          {!brief && <ResolvedAlerts only={{ service, namespace, cluster }} />}
        </>
      )}
    </Answer>
  );
}

interface NoAlertProps {
  readonly sources: readonly AlertSourceStatus[];
  readonly brief?: boolean;
}

/** No alert is good news only where somebody watches. */
export function NoAlert({ sources, brief = false }: NoAlertProps) {
  const { t } = useFairwayText();
  const live = sources.filter(({ state }) => state === 'live').flatMap(({ clusters }) => clusters);
  const [title, description] =
    live.length > 0
      ? [t('alerts.empty'), t('alerts.emptyHint', { clusters: live.join(', ') })]
      : sources.some(({ state }) => state === 'connecting')
        ? [t('alerts.asking'), t('alerts.askingHint')]
        : [t('alerts.nobody'), t('alerts.nobodyHint')];
  if (!brief) return <Empty title={title} description={description} />;
  return (
    <Text>
      <b>{title}.</b> {description}
    </Text>
  );
}
