import { useState } from 'react';
import { Button, Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Answer } from '../../view/answer.tsx';
import { useOperation } from '../../view/use-operation.ts';
import type { ServiceOfEntity } from '../../view/of-entity.tsx';
import type { Refresh } from '../../view/use-operation.ts';
import { Comparison } from './comparison.tsx';
import { HistoryTable } from './history-table.tsx';

const refresh: Refresh = { on: ['deliveries'], every: 60 };
/** As many as the backend gives at once. */
const page = 50;

interface HistoryProps extends ServiceOfEntity {
  readonly shown: string;
  readonly onShow: (id: string) => void;
}

/** All deliveries of a service, newest first, and the comparison of two of them. */
export function History({ service, namespace, shown, onShow }: HistoryProps) {
  const { t } = useFairwayText();
  const [before, setBefore] = useState<string>();
  const [compared, setCompared] = useState<string>();
  const asked = useOperation('deliveries', { path: { service }, query: { namespace, before } }, refresh);
  return (
    <Flex direction="column" gap="3">
      <Text as="h3" variant="title-x-small">
        {t('history.title')}
      </Text>
      {compared && compared !== shown && (
        <Comparison one={compared} other={shown} onClose={() => setCompared(undefined)} />
      )}
      <Answer asked={asked}>
        {({ items }) => {
          const last = items.at(-1)?.finishedAt;
          return (
            <>
              <HistoryTable deliveries={items} shown={shown} onShow={onShow} onCompare={setCompared} />
              <Flex gap="2">
                {before && (
                  <Button size="small" variant="secondary" onPress={() => setBefore(undefined)}>
                    {t('history.newest')}
                  </Button>
                )}
                {items.length >= page && last && (
                  <Button size="small" variant="secondary" onPress={() => setBefore(last)}>
                    {t('history.older')}
                  </Button>
                )}
              </Flex>
            </>
          );
        }}
      </Answer>
    </Flex>
  );
}
