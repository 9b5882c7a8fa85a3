import type { ClusterStatus, DeploymentView } from '@fairway/backstage-plugin-fairway-common';
import { Answer } from '../view/answer.tsx';
import { ClusterFilter } from '../view/cluster-filter.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Empty } from '../view/empty.tsx';
import type { ServiceOfEntity } from '../view/of-entity.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { DeploymentCard } from './deployment-card.tsx';
import { useNothingRuns } from './nothing-runs.ts';

export const refresh: Refresh = { on: ['cluster'], every: 30 };

/** Deployments of one service, as the clusters have them now. */
export function Deployments({ service, namespace }: ServiceOfEntity) {
  const { values, put } = useFilters(['cluster']);
  const { cluster } = values;
  const asked = useOperation('deployments', { query: { service, namespace, cluster } }, refresh);
  return (
    <Answer asked={asked}>
      {({ clusters, items }) => (
        <>
          <ClusterFilter
            clusters={clusters.map(({ name }) => name)}
            value={cluster}
            onChange={value => put('cluster', value)}
          />
          <ClusterNotices clusters={clusters} />
          <DeploymentCards clusters={clusters} items={items} ofOne onChanged={asked.reload} />
        </>
      )}
    </Answer>
  );
}

interface DeploymentCardsProps {
  readonly clusters: readonly ClusterStatus[];
  readonly items: readonly DeploymentView[];
  /** Whether the page is of one service. */
  readonly ofOne?: boolean;
  readonly onChanged: () => void;
}

export function DeploymentCards({ clusters, items, ofOne = false, onChanged }: DeploymentCardsProps) {
  const nothingRuns = useNothingRuns();
  if (items.length === 0) return <Empty {...nothingRuns(clusters)} />;
  return items.map(item => (
    <DeploymentCard
      key={`${item.cluster} ${item.namespace}/${item.service}`}
      deployment={item}
      actions={clusters.some(({ name, actions }) => name === item.cluster && actions === true)}
      ofOne={ofOne}
      onChanged={onChanged}
    />
  ));
}
