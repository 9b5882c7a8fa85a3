import { Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayAlertUpdatePermission } from '@fairway/backstage-plugin-fairway-common';
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
import { WatchNotices } from './watch-notices.tsx';

const refresh: Refresh = { on: ['alerts'], every: 30 };

/** Alerts of one service, or of all; a new one appears by signal. */
export function Alerts({ service, namespace }: Partial<ServiceOfEntity>) {
  const { t } = useFairwayText();
  const { values, put } = useFilters(['cluster']);
  const { cluster } = values;
  const asked = useOperation('alerts', { query: { service, namespace, cluster } }, refresh);
  const { allowed, loading } = usePermission({ permission: fairwayAlertUpdatePermission });
  return (
    <Answer asked={asked}>
      {({ sources, unwatched, items }) => (
        <>
          <ClusterFilter
            clusters={[...sources.flatMap(source => source.clusters), ...unwatched]}
            value={cluster}
            onChange={value => put('cluster', value)}
          />
          <WatchNotices sources={sources} unwatched={unwatched} />
          {items.length === 0 ? (
            <NoAlert sources={sources} />
          ) : (
            <>
              {!allowed && !loading && <Text color="secondary">{t('alerts.notAllowed')}</Text>}
              <AlertsTable alerts={items} mayUpdate={allowed} ofOne={service !== undefined} onUpdated={asked.reload} />
            </>
          )}
        </>
      )}
    </Answer>
  );
}

/** No alert is good news only where somebody watches. */
function NoAlert({ sources }: { readonly sources: readonly AlertSourceStatus[] }) {
  const { t } = useFairwayText();
  const live = sources.filter(({ state }) => state === 'live').flatMap(({ clusters }) => clusters);
  if (live.length > 0)
    return <Empty title={t('alerts.empty')} description={t('alerts.emptyHint', { clusters: live.join(', ') })} />;
  if (sources.some(({ state }) => state === 'connecting'))
    return <Empty title={t('alerts.asking')} description={t('alerts.askingHint')} />;
  return <Empty title={t('alerts.nobody')} description={t('alerts.nobodyHint')} />;
}
