import { Flex, Text, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { indicatorRanges } from '@fairway/backstage-plugin-fairway-common';
import type { IndicatorRange } from '@fairway/backstage-plugin-fairway-common';
import { Alerts } from '../alerts/alerts.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterFilter } from '../view/cluster-filter.tsx';
import { OfEntity, type ServiceOfEntity } from '../view/of-entity.tsx';
import { PartialAnswer } from '../view/partial-answer.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { Addresses } from './addresses.tsx';
import { IndicatorCharts } from './indicator-charts.tsx';
import { LastDelivery } from './last-delivery.tsx';
import { NothingKnown } from './nothing-known.tsx';
import { ObjectiveTiles } from './objective-tiles.tsx';
import classes from './service.module.css';
import { TryService } from './try-service.tsx';
import { UsageCard } from './usage-card.tsx';
import { VersionsNow } from './versions-now.tsx';

const often: Refresh = { on: [], every: 30 };
const refresh: Refresh = { on: ['deliveries', 'alerts', 'cluster'], every: 60 };

/** The overview of an entity: how its service fares, since when, what changed and where it answers. */
export function ServiceOverview() {
  return <OfEntity>{of => <Service {...of} />}</OfEntity>;
}

function Service({ service, namespace = service }: ServiceOfEntity) {
  const { t } = useFairwayText();
  const asked = useOperation('service', { path: { namespace, service } }, refresh);
  return (
    <Flex direction="column" gap="5">
      <section aria-label={t('service.firing')}>
        <Alerts service={service} namespace={namespace} brief />
      </section>
      <Indicators service={service} namespace={namespace} lastDelivery={asked.value?.lastDelivery.id} />
      <Answer asked={asked}>
        {summary => (
          <div className={classes.facts}>
            <LastDelivery summary={summary} />
            <VersionsNow service={service} namespace={namespace} />
            <Addresses summary={summary} />
            <TryService summary={summary} />
            <UsageCard service={service} namespace={namespace} />
          </div>
        )}
      </Answer>
    </Flex>
  );
}

interface IndicatorsProps extends Required<Pick<ServiceOfEntity, 'service'>> {
  readonly namespace: string;
  readonly lastDelivery: string | undefined;
}

/** What Prometheus says, of the time and the cluster that the address names. */
function Indicators({ service, namespace, lastDelivery }: IndicatorsProps) {
  const { t } = useFairwayText();
  const { values, put } = useFilters(['range', 'cluster']);
  const { cluster } = values;
  const range: IndicatorRange = indicatorRanges.find(one => one === values.range) ?? '1h';
  const asked = useOperation('indicators', { path: { namespace, service }, query: { cluster, range } }, often);
  return (
    <section className={classes.indicators} aria-labelledby="fairway-objectives">
      <div className={classes.head}>
        <Text as="h2" variant="title-x-small" id="fairway-objectives">
          {t('service.objectives')}
        </Text>
        <Flex gap="3" align="end">
          <ClusterFilter
            clusters={asked.value?.clusters ?? []}
            value={cluster}
            onChange={value => put('cluster', value)}
          />
          <ToggleButtonGroup
            aria-label={t('service.range')}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[range]}
            onSelectionChange={([chosen]) => put('range', chosen === undefined ? undefined : String(chosen))}
          >
            {indicatorRanges.map(one => (
              <ToggleButton key={one} id={one} size="small">
                {t(`service.range.${one}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </Flex>
      </div>
      <Answer asked={asked}>
        {found =>
          found.state === 'live' ? (
            <>
              <PartialAnswer cluster={found.cluster ?? ''} words={found.partial} />
              <ObjectiveTiles indicators={found} lastDelivery={lastDelivery} />
              <IndicatorCharts indicators={found} />
            </>
          ) : (
            <NothingKnown indicators={found} />
          )
        }
      </Answer>
    </section>
  );
}
