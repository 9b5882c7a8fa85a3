import { Button, Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { ClusterNotices } from '../view/cluster-notices.tsx';
import { Empty } from '../view/empty.tsx';
import { Page } from '../view/page.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import { capacityRefresh } from './capacity-refresh.ts';
import { FitBox } from './fit/fit-box.tsx';
import { FleetView } from './fleet/fleet-view.tsx';
import { useNoGpus } from './no-gpus.ts';
import { PoolsTable } from './pools-table.tsx';
import { SaturationList } from './saturation-list.tsx';
import { Teams } from './teams/teams.tsx';
import { Trend } from './trend/trend.tsx';
import { WaitingList } from './waiting-list.tsx';

/** The GPUs of all clusters, what waits for them, and whether one more model would fit; or a fleet that is made up. */
export function CapacityPage() {
  const { values, put } = useFilters(['fleet']);
  return (
    <Page>
      {values.fleet === 'simulated' ? (
        <Simulated onLeave={() => put('fleet', undefined)} />
      ) : (
        <Real onSimulate={() => put('fleet', 'simulated')} />
      )}
    </Page>
  );
}

function Real({ onSimulate }: { readonly onSimulate: () => void }) {
  const { t } = useFairwayText();
  const noGpus = useNoGpus();
  const asked = useOperation('capacity', {}, capacityRefresh);
  return (
    <Flex direction="column" gap="5">
      <Answer asked={asked}>
        {({ clusters, pools, saturation }) => (
          <>
            <ClusterNotices clusters={clusters} />
            {pools.length === 0 ? (
              <>
                <Empty
                  title={noGpus(clusters)}
                  description={t(clusters.length === 0 ? 'clusters.noneHint' : 'gpu.emptyHint')}
                />
                <Flex justify="center">
                  <Button variant="secondary" onPress={onSimulate}>
                    {t('fleet.showSimulated')}
                  </Button>
                </Flex>
              </>
            ) : (
              <>
                <section aria-labelledby="fairway-gpu-waiting">
                  <Flex direction="column" gap="2">
                    <Text as="h2" weight="bold" id="fairway-gpu-waiting">
                      {t('gpu.waiting')}
                    </Text>
                    <WaitingList clusters={clusters} pools={pools} />
                  </Flex>
                </section>
                <Fleet />
                <PoolsTable pools={pools} />
                <Teams />
                <Trend />
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
  );
}

function Fleet() {
  const asked = useOperation('fleet', {}, capacityRefresh);
  return <Answer asked={asked}>{fleet => <FleetView fleet={fleet} />}</Answer>;
}

function Simulated({ onLeave }: { readonly onLeave: () => void }) {
  const { t } = useFairwayText();
  const asked = useOperation('fleet', { query: { simulated: 'true' } });
  return (
    <Flex direction="column" gap="4">
      <div>
        <Button variant="secondary" onPress={onLeave}>
          {t('fleet.showReal')}
        </Button>
      </div>
      <Answer asked={asked}>{fleet => <FleetView fleet={fleet} />}</Answer>
    </Flex>
  );
}
