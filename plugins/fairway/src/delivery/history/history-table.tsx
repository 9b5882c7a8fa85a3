import { Button, Flex, Text } from '@backstage/ui';
import type { DeliverySummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { useWord } from '../../translation/use-word.ts';
import { DataTable } from '../../view/data-table.tsx';
import { Time } from '../../view/time.tsx';
import { Verdict } from '../../view/verdict.tsx';
import classes from './history.module.css';

interface HistoryTableProps {
  readonly deliveries: readonly DeliverySummary[];
  readonly shown: string;
  readonly onShow: (id: string) => void;
  readonly onCompare: (id: string) => void;
}

export function HistoryTable({ deliveries, shown, onShow, onCompare }: HistoryTableProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const word = useWord();
  return (
    <DataTable
      label={t('history.title')}
      rows={deliveries}
      idOf={({ id }) => id}
      columns={[
        {
          id: 'delivery',
          label: t('history.delivery'),
          cell: ({ id, commit }) => (commit ? `${id.slice(0, 8)} (${commit.slice(0, 8)})` : id.slice(0, 8)),
        },
        {
          id: 'environment',
          label: t('filter.environment'),
          sortBy: ({ environment }) => environment,
          cell: ({ environment, cluster }) => <span title={cluster}>{environment}</span>,
        },
        {
          id: 'verdict',
          label: t('history.verdict'),
          sortBy: ({ verdict }) => verdict,
          cell: ({ verdict }) => <Verdict verdict={verdict} />,
        },
        {
          id: 'finished',
          label: t('history.finished'),
          sortBy: ({ finishedAt }) => Date.parse(finishedAt),
          cell: ({ finishedAt }) => <Time at={finishedAt} />,
        },
        {
          id: 'reason',
          label: t('history.reason'),
          cell: ({ failedStage, reason, coded }) => {
            const said = say(reason, coded);
            return (
              <span className={classes.reason} title={said}>
                {failedStage ? `${word(failedStage)}: ${said}` : said}
              </span>
            );
          },
        },
        {
          id: 'actions',
          label: t('history.actions'),
          cell: ({ id }) =>
            id === shown ? (
              <Text weight="bold">{t('history.shown')}</Text>
            ) : (
              <Flex gap="2">
                <Button
                  size="small"
                  variant="secondary"
                  aria-label={t('history.showOf', { id: id.slice(0, 8) })}
                  onPress={() => onShow(id)}
                >
                  {t('history.show')}
                </Button>
                <Button
                  size="small"
                  variant="secondary"
                  aria-label={t('history.compareOf', { id: id.slice(0, 8) })}
                  onPress={() => onCompare(id)}
                >
                  {t('history.compare')}
                </Button>
              </Flex>
            ),
        },
      ]}
    />
  );
}
