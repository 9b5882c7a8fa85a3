import { Flex, Text } from '@backstage/ui';
import type { GpuPool } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import type { TableColumn } from '../view/data-table.tsx';
import { bytesText } from '../view/figures.ts';

/** One line for each class of GPUs in each cluster. */
export function PoolsTable({ pools }: { readonly pools: readonly GpuPool[] }) {
  const { t } = useFairwayText();
  const unknown = <Text color="secondary">{t('gpu.unknown')}</Text>;
  const count = (id: 'nodes' | 'installed' | 'allocatable' | 'requested' | 'free'): TableColumn<GpuPool> => ({
    id,
    label: t(`gpu.${id}`),
    number: true,
    sortBy: pool => pool[id],
    cell: pool => String(pool[id]),
  });
  return (
    <DataTable
      label={t('gpu.title')}
      rows={pools}
      idOf={poolKey}
      columns={[
        { id: 'class', label: t('gpu.class'), sortBy: pool => pool.class, cell: pool => <PoolName pool={pool} /> },
        { id: 'cluster', label: t('gpu.cluster'), sortBy: ({ cluster }) => cluster, cell: ({ cluster }) => cluster },
        count('nodes'),
        count('installed'),
        count('allocatable'),
        count('requested'),
        count('free'),
        {
          id: 'largest',
          label: t('gpu.largest'),
          number: true,
          sortBy: ({ largestFree }) => largestFree,
          cell: ({ largestFree }) => String(largestFree),
        },
        {
          id: 'fragmentation',
          label: t('gpu.fragmentation'),
          number: true,
          sortBy: ({ fragmentation }) => fragmentation,
          cell: ({ fragmentation }) => `${Math.round(100 * fragmentation)} %`,
        },
        {
          id: 'utilisation',
          label: t('gpu.utilisation'),
          number: true,
          sortBy: ({ utilisation }) => utilisation,
          cell: ({ utilisation }) => (utilisation === undefined ? unknown : `${Math.round(utilisation)} %`),
        },
        {
          id: 'memory',
          label: t('gpu.memory'),
          number: true,
          sortBy: ({ memoryUsedBytes }) => memoryUsedBytes,
          cell: ({ memoryUsedBytes }) => (memoryUsedBytes === undefined ? unknown : bytesText(memoryUsedBytes)),
        },
      ]}
    />
  );
}

function PoolName({ pool }: { readonly pool: GpuPool }) {
  return (
    <Flex direction="column" gap="0.5">
      <Text>{pool.class}</Text>
      <Text variant="body-small" color="secondary">
        {pool.resource} ({pool.source})
      </Text>
    </Flex>
  );
}

export function poolKey({ cluster, class: of, resource, source }: GpuPool): string {
  return [cluster, of, resource, source].join(' ');
}
