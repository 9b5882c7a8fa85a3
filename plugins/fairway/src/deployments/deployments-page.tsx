import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Empty } from '../view/empty.tsx';
import { Page } from '../view/page.tsx';
import { Paged } from '../view/paged.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DeploymentFilters, filterNames, knownDeployments, matchesFilters } from './deployment-filters.tsx';
import { DeploymentCards, refresh } from './deployments.tsx';

const services: Refresh = { on: ['deliveries'], every: 60 };

/** What runs where, of all services. */
export function DeploymentsPage() {
  const { t } = useFairwayText();
  const filters = useFilters(filterNames);
  const asked = useOperation('deployments', { query: {} }, refresh);
  // teams and environments; what runs is shown without them too
  const known = useOperation('services', {}, services).value?.items ?? [];
  return (
    <Page>
      <Answer asked={asked}>
        {({ clusters, items }) => {
          const deployments = knownDeployments(items, known);
          const matching = deployments.filter(one => matchesFilters(one, filters.values));
          return (
            <>
              <ClusterNotices clusters={clusters} />
              {items.length > 0 && <DeploymentFilters deployments={deployments} filters={filters} />}
              {items.length > 0 && matching.length === 0 && (
                <Empty title={t('filter.noDeployment')} description={t('filter.noDeploymentHint')} />
              )}
              {(items.length === 0 || matching.length > 0) && (
                <Paged items={matching.map(({ deployment }) => deployment)} most={20}>
                  {shown => <DeploymentCards clusters={clusters} items={shown} onChanged={asked.reload} />}
                </Paged>
              )}
            </>
          );
        }}
      </Answer>
    </Page>
  );
}
