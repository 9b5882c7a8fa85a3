import { Text } from '@backstage/ui';
import { RiTimeLine } from '@remixicon/react';
import type { ClusterStatus, GpuPool } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Paged } from '../view/paged.tsx';
import { Time } from '../view/time.tsx';
import classes from './capacity.module.css';
import { useNoneWaits } from './none-waits.ts';
import { poolKey } from './pools-table.tsx';

interface WaitingListProps {
  readonly clusters: readonly ClusterStatus[];
  readonly pools: readonly GpuPool[];
  /** Only pods of this namespace. */
  readonly namespace?: string;
}

/** The pods that wait for GPUs, each with the reason that the scheduler gave. */
export function WaitingList({ clusters, pools, namespace }: WaitingListProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const noneWaits = useNoneWaits();
  const rows = pools.flatMap(pool =>
    pool.waiting
      .filter(pod => namespace === undefined || pod.namespace === namespace)
      .map(pod => ({
        key: `${poolKey(pool)} ${pod.namespace}/${pod.name}`,
        since: pod.since,
        of: `${pool.class}, ${pool.cluster}`,
        text: t('gpu.waits', {
          namespace: pod.namespace,
          name: pod.name,
          gpus: String(pod.gpus),
          since: <Time at={pod.since} />,
          reason: say(pod.reason, pod.coded),
        }),
      })),
  );
  const oldestFirst = rows.toSorted((one, other) => Date.parse(one.since) - Date.parse(other.since));
  const more = pools
    .map(pool => ({ pool, number: (pool.waitingTotal ?? pool.waiting.length) - pool.waiting.length }))
    .filter(({ number }) => namespace === undefined && number > 0);
  // some may wait of which the reader sees none
  if (rows.length === 0 && more.length === 0)
    return (
      <Text color="secondary">
        {namespace !== undefined && clusters.some(({ state }) => state === 'live')
          ? t('gpu.noneWaitingIn', { namespace })
          : noneWaits(clusters)}
      </Text>
    );
  return (
    <>
      {rows.length > 0 && (
        <Paged items={oldestFirst} most={10}>
          {shown => (
            <ul aria-label={t('gpu.waiting')} className={classes.list}>
              {shown.map(({ key, of, text }) => (
                <li key={key} className={classes.item}>
                  <RiTimeLine aria-hidden="true" size={16} className={classes.sign} />
                  <span>
                    {text} ({of})
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Paged>
      )}
      {more.map(({ pool, number }) => (
        <Text key={poolKey(pool)} color="secondary">
          {t('gpu.moreWait', { number: String(number), gpuClass: pool.class, cluster: pool.cluster })}
        </Text>
      ))}
    </>
  );
}
