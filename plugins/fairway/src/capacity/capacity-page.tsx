import { Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Empty } from '../view/empty.tsx';
import { Page } from '../view/page.tsx';
import { useOperation } from '../view/use-operation.ts';
import { capacityRefresh } from './capacity-refresh.ts';
import { FitBox } from './fit/fit-box.tsx';
import { PoolsTable } from './pools-table.tsx';
import { SaturationList } from './saturation-list.tsx';
import { WaitingList } from './waiting-list.tsx';

/** The GPUs of all clusters, what waits for them, and whether one more model would fit. */
export function CapacityPage() {
  const { t } = useFairwayText();
  const asked = useOperation('capacity', {}, capacityRefresh);
  return (
    <Page>
      <Flex direction="column" gap="5">
        <Answer asked={asked}>
          {({ clusters, pools, saturation }) => (
            <>
              <ClusterNotices clusters={clusters} />
              {pools.length === 0 ? (
                <Empty title={t('gpu.empty')} description={t('gpu.emptyHint')} />
              ) : (
                <>
                  <PoolsTable pools={pools} />
                  <Text as="h2" weight="bold">
                    {t('gpu.waiting')}
                  </Text>
                  <WaitingList pools={pools} />
                </>
              )}
              <Text as="h2" weight="bold">
                {t('gpu.saturation')}
              </Text>
              <SaturationList saturation={saturation} />
            </>
          )}
        </Answer>
        <FitBox />
      </Flex>
    </Page>
  );
}
