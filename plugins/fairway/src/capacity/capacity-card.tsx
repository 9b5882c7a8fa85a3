import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { Bars } from '../view/bars.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { OfEntity, type ServiceOfEntity } from '../view/of-entity.tsx';
import { useOperation } from '../view/use-operation.ts';
import { capacityRefresh } from './capacity-refresh.ts';
import { useNoGpus } from './no-gpus.ts';
import { poolKey } from './pools-table.tsx';
import { SaturationList } from './saturation-list.tsx';
import { WaitingList } from './waiting-list.tsx';

/** The card of an entity: what is free, and what of this service waits. */
export function CapacityCard() {
  const { t } = useFairwayText();
  return (
    <Card>
      <CardHeader>
        <Text as="h3" variant="title-x-small">
          {t('gpu.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <OfEntity>{of => <Capacity {...of} />}</OfEntity>
      </CardBody>
    </Card>
  );
}

function Capacity({ service, namespace = service }: ServiceOfEntity) {
  const { t } = useFairwayText();
  const noGpus = useNoGpus();
  const asked = useOperation('capacity', {}, capacityRefresh);
  return (
    <Answer asked={asked}>
      {({ clusters, pools, saturation }) => (
        <Flex direction="column" gap="3">
          <ClusterNotices clusters={clusters} />
          {pools.length === 0 ? (
            <Text color="secondary">{noGpus(clusters)}</Text>
          ) : (
            <Bars
              label={t('gpu.free')}
              whole={1}
              bars={pools.map(pool => ({
                id: poolKey(pool),
                text: t('gpu.freeOf', {
                  gpuClass: pool.class,
                  cluster: pool.cluster,
                  free: String(pool.free),
                  allocatable: String(pool.allocatable),
                  largest: String(pool.largestFree),
                }),
                value: pool.allocatable === 0 ? 0 : pool.free / pool.allocatable,
                kind: pool.free > 0 ? 'good' : 'notable',
              }))}
            />
          )}
          <WaitingList clusters={clusters} pools={pools} namespace={namespace} />
          <SaturationList
            saturation={saturation.filter(one => one.service === service && one.namespace === namespace)}
          />
        </Flex>
      )}
    </Answer>
  );
}
