import { Text } from '@backstage/ui';
import type { GpuPool } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import type { TableColumn } from '../view/data-table.tsx';
import { bytesText } from '../view/figures.ts';
import { TwoLines } from '../view/two-lines.tsx';

/** One line for each class of GPUs in each cluster. */
export function PoolsTable({ pools }: { readonly pools: readonly GpuPool[] }) {
  const { t } = useFairwayText();
  const unknown = <Text color="secondary">{t('gpu.unknown')}</Text>;
  const count = (id: 'requested' | 'free'): TableColumn<GpuPool> => ({
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
        {
          id: 'class',
          label: t('gpu.class'),
          sortBy: pool => pool.class,
          cell: pool => <TwoLines first={pool.class} second={`${pool.resource} (${pool.source})`} />,
        },
        { id: 'cluster', label: t('gpu.cluster'), sortBy: ({ cluster }) => cluster, cell: ({ cluster }) => cluster },
        {
          id: 'installed',
          label: t('gpu.installed'),
          number: true,
          sortBy: ({ installed }) => installed,
          cell: ({ installed, allocatable, nodes }) => (
            <TwoLines
              first={String(installed)}
              second={
                allocatable === installed
                  ? t('gpu.onNodes', { nodes: String(nodes) })
                  : t('gpu.onNodesAllocatable', { nodes: String(nodes), allocatable: String(allocatable) })
              }
            />
          ),
        },
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
          cell: ({ utilisation, memoryUsedBytes }) =>
            utilisation === undefined && memoryUsedBytes === undefined ? (
              unknown
            ) : (
              <TwoLines
                first={utilisation === undefined ? t('gpu.unknown') : `${Math.round(utilisation)} %`}
                second={t('gpu.memory', {
                  bytes: memoryUsedBytes === undefined ? t('gpu.unknown') : bytesText(memoryUsedBytes),
                })}
              />
            ),
        },
      ]}
    />
  );
}

export function poolKey({ cluster, class: of, resource, source }: GpuPool): string {
  return [cluster, of, resource, source].join(' ');
}
