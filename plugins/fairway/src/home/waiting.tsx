import { Text } from '@backstage/ui';
import { RiTimeLine } from '@remixicon/react';
import type { ClusterStatus, Home } from '@fairway/backstage-plugin-fairway-common';
import { useNoneWaits } from '../capacity/none-waits.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Time } from '../view/time.tsx';
import { HomeItem, HomeSection } from './home-section.tsx';
import classes from './home.module.css';
import { useSibling } from './use-sibling.ts';

interface WaitingProps {
  readonly waiting: Home['waiting'];
  readonly clusters: readonly ClusterStatus[];
}

/** The pods that wait for GPUs, each with the scheduler's reason. */
export function Waiting({ waiting: { items, total }, clusters }: WaitingProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const noneWaits = useNoneWaits();
  const capacity = useSibling('gpu');
  return (
    <HomeSection
      title={t('home.waiting')}
      total={total}
      shown={items.length}
      none={<Text color="secondary">{noneWaits(clusters)}</Text>}
      more={{ text: t('home.capacity'), href: capacity }}
    >
      <ul className={classes.list}>
        {items.map(({ cluster, class: gpuClass, namespace, name, gpus, since, reason, coded }) => (
          <HomeItem
            key={`${cluster} ${gpuClass} ${namespace}/${name}`}
            sign={<RiTimeLine aria-hidden="true" size={18} className={classes.waits} />}
            title={
              <Text weight="bold">
                {namespace}/{name}
              </Text>
            }
            text={say(reason, coded)}
            facts={[
              t('home.gpus', { gpus: String(gpus), gpuClass, cluster }),
              t('home.began', { when: <Time at={since} /> }),
            ]}
          />
        ))}
      </ul>
    </HomeSection>
  );
}
