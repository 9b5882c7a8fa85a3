import { Flex } from '@backstage/ui';
import type { ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { ListHeading } from '../view/list-heading.tsx';
import { Page } from '../view/page.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { AlertFilters, alertFilterNames, knownAlerts, matchesFilters } from './alert-filters.tsx';
import { AlertsTable } from './alerts-table.tsx';
import { NoAlert, refresh } from './alerts.tsx';
import { groupings } from './groups.ts';
import { ResolvedAlerts } from './resolved-alerts.tsx';
import { WatchNotices } from './watch-notices.tsx';

const refreshServices: Refresh = { on: ['deliveries'], every: 60 };

/** The alerts of all services. */
export function AlertsPage() {
  const asked = useOperation('alerts', { query: {} }, refresh);
  return (
    <Page>
      <Answer asked={asked}>{answer => <Narrowed {...answer} onUpdated={asked.reload} />}</Answer>
    </Page>
  );
}

/** The alerts that the filters let through, those that are over too. */
function Narrowed({ sources, unwatched, items, onUpdated }: ResponseOf<'alerts'> & { readonly onUpdated: () => void }) {
  const { t } = useFairwayText();
  const filters = useFilters(alertFilterNames);
  // teams and environments; alerts are shown without them too
  const services = useOperation('services', {}, refreshServices).value?.items ?? [];
  const by = groupings.find(one => one === filters.values.group) ?? 'service';
  const matching = knownAlerts(items, services)
    .filter(one => matchesFilters(one, filters.values))
    .map(({ alert }) => alert);
  return (
    <>
      <AlertFilters
        alerts={items}
        services={services}
        clusters={[...sources.flatMap(source => source.clusters), ...unwatched]}
        filters={filters}
      />
      <WatchNotices sources={sources} unwatched={unwatched} />
      {items.length === 0 ? (
        <NoAlert sources={sources} />
      ) : matching.length === 0 ? (
        <Empty title={t('alerts.noneMatches')} description={t('alerts.noneMatchesHint')} />
      ) : (
        <Flex direction="column" gap="2">
          <ListHeading>{t('alerts.order', { count: matching.length })}</ListHeading>
          <AlertsTable alerts={matching} by={by} onUpdated={onUpdated} />
        </Flex>
      )}
      <ResolvedAlerts
        only={{ cluster: filters.values.cluster }}
        matching={ended =>
          knownAlerts(ended, services).flatMap(one => (matchesFilters(one, filters.values) ? one.alert : []))
        }
      />
    </>
  );
}
