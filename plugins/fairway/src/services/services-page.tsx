import type { ComponentProps } from 'react';
import { Flex } from '@backstage/ui';
import { byNeed, matchesService } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceFilter } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { filterNames } from '../view/filter-bar.tsx';
import { ListHeading } from '../view/list-heading.tsx';
import { Page } from '../view/page.tsx';
import { holdsText } from '../view/text-filter.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { ServiceFilters } from './service-filters.tsx';
import { ServicesTable } from './services-table.tsx';

const refresh: Refresh = { on: ['deliveries', 'alerts', 'cluster'], every: 60 };

/** All services, the front page of Fairway. */
export function ServicesPage() {
  const { t } = useFairwayText();
  const asked = useOperation('services', {}, refresh);
  return (
    <Page>
      <Answer asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('services.empty')} description={t('services.emptyHint')} />
          ) : (
            <Narrowed services={items} onRemoved={asked.reload} />
          )
        }
      </Answer>
    </Page>
  );
}

/** The services that the filters let through. */
function Narrowed({ services, onRemoved }: ComponentProps<typeof ServicesTable>) {
  const { t } = useFairwayText();
  const filters = useFilters(filterNames);
  // a state that no service can have comes from an address only, and matches none
  const { text, ...chosen } = filters.values;
  const matching = services.filter(
    service =>
      matchesService(service, chosen as ServiceFilter) &&
      holdsText(text, [service.name, service.namespace, service.model]),
  );
  return (
    <Flex direction="column" gap="4">
      <ServiceFilters services={services} filters={filters} />
      {matching.length === 0 ? (
        <Empty title={t('filter.none')} description={t('filter.noneHint')} />
      ) : (
        <Flex direction="column" gap="2">
          <ListHeading>{t('services.order', { count: matching.length })}</ListHeading>
          <ServicesTable services={byNeed(matching)} onRemoved={onRemoved} />
        </Flex>
      )}
    </Flex>
  );
}
