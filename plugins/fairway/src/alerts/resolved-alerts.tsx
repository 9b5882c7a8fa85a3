import { Flex, Text } from '@backstage/ui';
import type { ResolvedAlert } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { DataTable } from '../view/data-table.tsx';
import { durationText } from '../view/figures.ts';
import { Time } from '../view/time.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { Acknowledged, What, Where } from './alerts-table.tsx';
import { alertKey } from './groups.ts';
import { Runbook } from './runbook.tsx';

const refresh: Refresh = { on: ['alerts'], every: 60 };

interface ResolvedAlertsProps {
  readonly only: { readonly service?: string; readonly namespace?: string; readonly cluster?: string };
  /** Those of them that are shown. Default: all. */
  readonly matching?: (ended: readonly ResolvedAlert[]) => readonly ResolvedAlert[];
}

/** The alerts that are over: what was, for how long, and who had it. */
export function ResolvedAlerts({ only, matching = every }: ResolvedAlertsProps) {
  const { t } = useFairwayText();
  const asked = useOperation('resolvedAlerts', { query: only }, refresh);
  return (
    <Flex direction="column" gap="2">
      <Text as="h2" variant="title-x-small">
        {t('alerts.resolvedTitle')}
      </Text>
      <Answer asked={asked}>
        {({ days, items, total }) => {
          const shown = matching(items);
          const amounts = { days: String(days), total, shown: shown.length };
          return (
            <>
              <Text color="secondary">
                {total === 0
                  ? t('alerts.noneResolved', { days: String(days) })
                  : shown.length === items.length
                    ? t('alerts.resolvedAmount', amounts)
                    : t('alerts.resolvedMatching', { ...amounts, newest: items.length })}
              </Text>
              {shown.length > 0 && <ResolvedTable items={shown} ofOne={only.service !== undefined} />}
            </>
          );
        }}
      </Answer>
    </Flex>
  );
}

function every(ended: readonly ResolvedAlert[]): readonly ResolvedAlert[] {
  return ended;
}

function ResolvedTable({ items, ofOne }: { readonly items: readonly ResolvedAlert[]; readonly ofOne: boolean }) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('alerts.resolvedTitle')}
      rows={items}
      idOf={alertKey}
      columns={[
        {
          id: 'alert',
          label: t('alerts.alert'),
          sortBy: ({ name }: ResolvedAlert) => name,
          cell: (alert: ResolvedAlert) => <What alert={alert} />,
        },
        ofOne
          ? {
              id: 'cluster',
              label: t('gpu.cluster'),
              sortBy: ({ cluster, source }: ResolvedAlert) => cluster ?? source,
              cell: ({ cluster, source }: ResolvedAlert) => cluster ?? source,
            }
          : {
              id: 'service',
              label: t('services.service'),
              sortBy: ({ service }: ResolvedAlert) => service,
              cell: (alert: ResolvedAlert) => <Where alert={alert} />,
            },
        {
          id: 'ended',
          label: t('alerts.ended'),
          sortBy: ({ endedAt }) => Date.parse(endedAt),
          cell: ({ endedAt }) => <Time at={endedAt} />,
        },
        {
          id: 'lasted',
          label: t('alerts.lasted'),
          number: true,
          sortBy: lasted,
          cell: alert => durationText(lasted(alert)),
        },
        { id: 'acknowledged', label: t('alerts.whoHadIt'), cell: alert => <Acknowledged alert={alert} /> },
        { id: 'runbook', label: t('alerts.runbook'), cell: alert => <Runbook alert={alert} /> },
      ]}
    />
  );
}

/** Milliseconds. */
function lasted({ since, endedAt }: ResolvedAlert): number {
  return Math.max(0, Date.parse(endedAt) - Date.parse(since));
}
