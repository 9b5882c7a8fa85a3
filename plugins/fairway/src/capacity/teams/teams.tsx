import { Flex, Text } from '@backstage/ui';
import type { TeamCapacity, TeamNamespace } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { costText } from '../../usage/cost-text.ts';
import { Answer } from '../../view/answer.tsx';
import { DataTable } from '../../view/data-table.tsx';
import type { TableColumn } from '../../view/data-table.tsx';
import { Paged } from '../../view/paged.tsx';
import { useLanguage } from '../../view/use-language.ts';
import { useOperation } from '../../view/use-operation.ts';
import { capacityRefresh } from '../capacity-refresh.ts';
import { type TeamGroup, teamGroups, type TeamRow } from './team-groups.ts';

/** Hours for which a cost is shown: 30 days. */
const month = 720;

/** Who may have how many GPUs, who holds them, and what that costs. */
export function Teams() {
  const { t } = useFairwayText();
  const asked = useOperation('teamCapacity', {}, capacityRefresh);
  return (
    <section aria-labelledby="fairway-gpu-teams">
      <Flex direction="column" gap="3">
        <Text as="h2" weight="bold" id="fairway-gpu-teams">
          {t('teams.title')}
        </Text>
        <Answer asked={asked}>
          {answer =>
            answer.items.length === 0 ? (
              <Text color="secondary">{t('teams.empty')}</Text>
            ) : (
              <>
                <TeamsTable {...answer} />
                {answer.currency === undefined && <Text color="secondary">{t('teams.noPrices')}</Text>}
              </>
            )
          }
        </Answer>
      </Flex>
    </section>
  );
}

function TeamsTable({ items, currency }: TeamCapacity) {
  const { t } = useFairwayText();
  const language = useLanguage();
  const cost = (hours: number): TableColumn<TeamRow>['cell'] =>
    function Cost({ perHour, unpriced }) {
      return (
        <Flex direction="column" gap="0.5">
          {perHour !== undefined && <Text>{costText(perHour * hours, unpriced ?? 0, language)}</Text>}
          {unpriced !== undefined && <Text color="secondary">{t('teams.unpriced', { gpus: String(unpriced) })}</Text>}
        </Flex>
      );
    };
  const columns: readonly TableColumn<TeamRow>[] = [
    { id: 'team', label: t('teams.team'), cell: ({ team }) => team ?? t('teams.nobody') },
    { id: 'namespace', label: t('teams.namespace'), cell: ({ namespace }) => namespace },
    { id: 'cluster', label: t('gpu.cluster'), cell: ({ cluster }) => cluster },
    { id: 'quota', label: t('teams.quota'), cell: row => <Quota row={row} /> },
    { id: 'held', label: t('teams.held'), cell: ({ held }) => <Held held={held} /> },
  ];
  return (
    <Paged items={teamGroups(items)} most={30}>
      {groups => (
        <DataTable
          label={t('teams.title')}
          groups={groups.map(({ team, rows }) => ({
            id: team ?? '',
            heading: <Sum team={team} rows={rows} currency={currency} />,
            rows,
          }))}
          idOf={({ team, cluster, namespace }) => JSON.stringify([team, cluster, namespace])}
          columns={
            currency === undefined
              ? columns
              : [
                  ...columns,
                  { id: 'hour', label: t('teams.perHour', { currency }), number: true, cell: cost(1) },
                  { id: 'month', label: t('teams.perMonth', { currency }), number: true, cell: cost(month) },
                ]
          }
        />
      )}
    </Paged>
  );
}

interface SumProps extends Pick<TeamGroup, 'team' | 'rows'> {
  readonly currency: string | undefined;
}

/** A team in a line, over all of its namespaces. */
function Sum({ team, rows, currency }: SumProps) {
  const { t } = useFairwayText();
  const language = useLanguage();

  const sum = (of: (row: TeamRow) => number | undefined) => rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  const gpus = String(Math.round(100 * sum(row => row.gpus)) / 100);
  const cost = costText(
    sum(({ perHour }) => perHour),
    sum(({ unpriced }) => unpriced),
    language,
  );
  return (
    <>
      <b>{team ?? t('teams.nobody')}</b>{' '}
      {currency === undefined || cost === undefined
        ? t('teams.sum', { gpus })
        : t('teams.sumCost', { gpus, cost, currency })}
    </>
  );
}

/** A quota is of the namespace: whoever reads it has to know with whom it is shared. */
function Quota({ row: { quotas, others } }: { readonly row: TeamRow }) {
  const { t } = useFairwayText();
  if (quotas.length === 0) return <Text color="secondary">{t('teams.noQuota')}</Text>;
  return (
    <Flex direction="column" gap="0.5">
      {quotas.map(({ resource, hard, used }) => (
        <Text key={resource}>{t('teams.quotaOf', { resource, used: String(used), hard: String(hard) })}</Text>
      ))}
      {others.length > 0 && <Text color="secondary">{t('teams.shared', { teams: others.join(', ') })}</Text>}
    </Flex>
  );
}

function Held({ held }: Pick<TeamNamespace, 'held'>) {
  const { t } = useFairwayText();
  return (
    <Flex direction="column" gap="0.5">
      {held.length === 0 && <Text>0</Text>}
      {held.map(({ class: gpuClass, gpus }) => (
        <Text key={gpuClass}>{t('teams.heldOf', { gpuClass, gpus: String(gpus) })}</Text>
      ))}
    </Flex>
  );
}
