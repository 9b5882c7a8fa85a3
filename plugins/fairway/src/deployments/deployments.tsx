import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Empty } from '../view/empty.tsx';
import type { ServiceOfEntity } from '../view/of-entity.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { DeploymentCard } from './deployment-card.tsx';

const refresh: Refresh = { on: ['cluster'], every: 30 };

/** Deployments of one service, or of all, as the clusters have them now. */
export function Deployments({ service, namespace }: Partial<ServiceOfEntity>) {
  const { t } = useFairwayText();
  const asked = useOperation('deployments', { query: { service, namespace } }, refresh);
  return (
    <Answer asked={asked}>
      {({ clusters, items }) => (
        <>
          <ClusterNotices clusters={clusters} />
          {items.length === 0 && <Empty title={t('deployments.empty')} description={t('deployments.emptyHint')} />}
          {items.map(item => (
            <DeploymentCard
              key={`${item.cluster} ${item.namespace}/${item.service}`}
              deployment={item}
              actions={clusters.some(({ name, actions }) => name === item.cluster && actions === true)}
              ofOne={service !== undefined}
              onChanged={asked.reload}
            />
          ))}
        </>
      )}
    </Answer>
  );
}
