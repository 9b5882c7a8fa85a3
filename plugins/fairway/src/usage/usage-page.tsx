import { Alert, Flex, Text } from '@backstage/ui';
import { usageGroups } from '@fairway/backstage-plugin-fairway-common';
import type { AllUsage } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { isNotAllowed } from '../view/not-allowed.ts';
import { Page } from '../view/page.tsx';
import { useFilters } from '../view/use-filters.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { daysBack, UsageFilters, usageFilterNames } from './usage-filters.tsx';
import { UsageSums } from './usage-sums.tsx';
import { UsageTable } from './usage-table.tsx';

const refresh: Refresh = { on: [], every: 300 };

/** Who used what and what it cost, by the ledgers of all clusters. */
export function UsagePage() {
  const { t } = useFairwayText();
  const filters = useFilters(usageFilterNames);
  const { by, days, ...narrowed } = filters.values;
  const group = by === 'client' ? 'client' : (usageGroups.find(name => name === by) ?? 'team');
  const query = { ...narrowed, from: daysBack(days) };
  // who asked is seen with another permission
  const groups = useOperation('allUsage', group === 'client' ? undefined : { query: { ...query, by: group } }, refresh);
  const clients = useOperation('clientUsage', group === 'client' ? { query } : undefined, refresh);
  const asked = group === 'client' ? clients : groups;
  return (
    <Page>
      <Flex direction="column" gap="4" align="stretch">
        <UsageFilters filters={filters} group={group} choices={asked.value?.choices} />
        {isNotAllowed(asked.error) && group === 'client' ? (
          <Empty title={t('state.notAllowed')} description={t('usage.clientsNotAllowed')} />
        ) : (
          <Answer asked={asked}>{usage => <Found usage={usage} group={group} />}</Answer>
        )}
      </Flex>
    </Page>
  );
}

interface FoundProps {
  readonly usage: AllUsage;
  readonly group: (typeof usageGroups)[number] | 'client';
}

function Found({ usage, group }: FoundProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { ledgers, unledgered, items, total } = usage;
  if (ledgers.length === 0) return <Empty title={t('usage.noLedger')} description={t('usage.noLedgerHint')} />;
  return (
    <>
      {ledgers
        .filter(({ state }) => state === 'unreachable')
        .map(({ clusters, message, coded }) => (
          <Alert
            key={clusters.join()}
            role="status"
            status="warning"
            icon
            title={t('usage.unreachable', { clusters: clusters.join(', ') })}
            description={say(message, coded)}
          />
        ))}
      {unledgered.length > 0 && (
        <Alert role="status" status="info" icon title={t('usage.unledgered', { clusters: unledgered.join(', ') })} />
      )}
      {items.length === 0 ? (
        // that nothing was used is known only of a ledger that answers
        ledgers.some(({ state }) => state === 'live') && (
          <Empty title={t('usage.empty')} description={t('usage.emptyHint')} />
        )
      ) : (
        <>
          <UsageSums usage={usage} />
          <UsageTable usage={usage} group={group} />
          {total > items.length && <Text color="secondary">{t('usage.most', { shown: items.length, total })}</Text>}
        </>
      )}
    </>
  );
}
