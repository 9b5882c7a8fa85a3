import { Flex, Grid, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { Bars } from '../../view/bars.tsx';
import { DataTable } from '../../view/data-table.tsx';
import { figureText } from '../../view/figures.ts';
import { Verdict } from '../../view/verdict.tsx';
import { Histogram } from './histogram.tsx';
import { codedIndicator } from './indicator-name.ts';
import { targetOf } from './load-schema.ts';
import type { LoadCheck, LoadReport } from './load-schema.ts';

/** The load test: distributions of both latencies, offered against achieved rate, and the indicators as judged. */
export function LoadTest({ of: { load, checks, achievedRate, requests } }: { readonly of: LoadReport }) {
  const { t } = useFairwayText();
  const rate = { offered: load.requestsPerSecond, achieved: achievedRate ?? 0 };
  return (
    <Flex direction="column" gap="4">
      <Text>
        {t('load.requests', {
          amount: String(requests.length),
          rate: String(load.requestsPerSecond),
          seconds: String(load.seconds),
        })}
      </Text>
      <Checks checks={checks} />
      <Grid.Root columns={{ initial: '1', md: '2' }} gap="4">
        <Histogram
          title={t('load.ttft')}
          values={requests.flatMap(request => request.ttftFromScheduled ?? [])}
          target={targetOf(checks, 'time to first token')}
        />
        <Histogram
          title={t('load.itl')}
          values={requests.flatMap(request => request.itl)}
          target={targetOf(checks, 'inter-token latency')}
        />
      </Grid.Root>
      <Text as="h5" weight="bold">
        {t('load.rate')}
      </Text>
      <Bars
        label={t('load.rate')}
        bars={[
          { id: 'offered', text: t('load.offered', { rate: figureText(rate.offered) }), value: rate.offered },
          {
            id: 'achieved',
            text: t('load.achieved', { rate: figureText(rate.achieved) }),
            value: rate.achieved,
            kind: 'good',
          },
        ]}
      />
    </Flex>
  );
}

function Checks({ checks }: { readonly checks: readonly LoadCheck[] }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const figure = (value: number | undefined, unit: string) =>
    value === undefined ? t('diff.none') : `${figureText(value)} ${unit}`;
  if (checks.length === 0) return <Text color="secondary">{t('load.noValues')}</Text>;
  return (
    <DataTable
      label={t('load.title')}
      rows={checks}
      idOf={({ name }) => name}
      columns={[
        { id: 'check', label: t('load.check'), cell: ({ name }) => say(name, codedIndicator(name)) },
        { id: 'verdict', label: t('load.verdict'), cell: ({ verdict }) => <Verdict verdict={verdict} /> },
        { id: 'measured', label: t('load.measured'), number: true, cell: ({ value, unit }) => figure(value, unit) },
        {
          id: 'interval',
          label: t('load.interval'),
          number: true,
          cell: ({ low, high, unit }) => `${figure(low, unit)} – ${figure(high, unit)}`,
        },
        {
          id: 'target',
          label: t('load.target'),
          number: true,
          cell: ({ direction, target, unit }) =>
            t(direction === 'at most' ? 'load.atMost' : 'load.atLeast', { target: `${target} ${unit}` }),
        },
      ]}
    />
  );
}
