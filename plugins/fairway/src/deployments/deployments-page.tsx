import type { ComponentProps } from 'react';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Empty } from '../view/empty.tsx';
import { filterNames } from '../view/filter-bar.tsx';
import { ListHeading } from '../view/list-heading.tsx';
import { Page } from '../view/page.tsx';
import { Paged } from '../view/paged.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { byState } from './by-state.ts';
import { DeploymentFilters, knownDeployments, matchesFilters } from './deployment-filters.tsx';
import { DeploymentCards, refresh } from './deployments.tsx';

const refreshServices: Refresh = { on: ['deliveries'], every: 60 };

/** What runs where, of all services. */
export function DeploymentsPage() {
  const asked = useOperation('deployments', { query: {} }, refresh);
  // teams and environments; what runs is shown without them too
  const services = useOperation('services', {}, refreshServices).value?.items ?? [];
  return (
    <Page>
      <Answer asked={asked}>
        {({ clusters, items }) => {
          const cards = { clusters, items, onChanged: asked.reload };
          return (
            <>
              <ClusterNotices clusters={clusters} />
              {items.length === 0 ? <DeploymentCards {...cards} /> : <Narrowed {...cards} services={services} />}
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

interface NarrowedProps extends ComponentProps<typeof DeploymentCards> {
  readonly services: readonly ServiceSummary[];
}

/** The deployments that the filters let through. */
function Narrowed({ items, services, ...cards }: NarrowedProps) {
  const { t } = useFairwayText();
  const filters = useFilters(filterNames);
  const deployments = knownDeployments(items, services);
  const matching = deployments.filter(one => matchesFilters(one, filters)).map(({ deployment }) => deployment);
  return (
    <>
      <DeploymentFilters deployments={deployments} filters={filters} />
      {matching.length === 0 ? (
        <Empty title={t('filter.noDeployment')} description={t('filter.noDeploymentHint')} />
      ) : (
        <>
          <ListHeading>{t('deployments.order', { count: matching.length })}</ListHeading>
          <Paged items={byState(matching)} most={20}>
            {shown => <DeploymentCards items={shown} {...cards} />}
          </Paged>
        </>
      )}
    </>
  );
}
