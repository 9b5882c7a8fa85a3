import { scoreNames, withoutScore } from '@fairway/backstage-plugin-fairway-common';
import type { MeasuredFigure, ScoredContender } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { figureText } from '../view/figures.ts';
import { TwoLines } from '../view/two-lines.tsx';

/** The raw figures with their intervals, and the scores that follow from them. */
export function FiguresTable({ scored }: { readonly scored: readonly ScoredContender[] }) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('engines.figures')}
      rows={scored}
      idOf={({ title }) => title}
      columns={[
        {
          id: 'engine',
          label: t('engines.engine'),
          sortBy: ({ title }) => title,
          cell: ({ title, contender }) => <TwoLines first={title} second={contender.version} />,
        },
        {
          id: 'tokens',
          label: t('engines.tokensPerSecond'),
          number: true,
          sortBy: ({ figures }) => figures.throughput?.value,
          cell: one => (withoutScore(one) === 'did not run' ? t('engines.didNotRun') : shown(one.figures.throughput)),
        },
        {
          id: 'latency-figure',
          label: t('engines.latencyFigure'),
          number: true,
          sortBy: ({ figures }) => figures.latency?.value,
          cell: ({ figures }) => shown(figures.latency),
        },
        {
          id: 'efficiency-figure',
          label: t('engines.efficiencyFigure'),
          number: true,
          sortBy: ({ figures }) => figures.efficiency?.value,
          cell: ({ figures }) => shown(figures.efficiency),
        },
        ...scoreNames.map(name => ({
          id: name,
          label: t(`engines.${name}`),
          number: true,
          sortBy: ({ scores }: ScoredContender) => scores[name]?.value,
          cell: ({ scores }: ScoredContender) => shown(scores[name]),
        })),
        ...(scored.some(({ tied }) => scoreNames.some(name => tied[name].length > 0))
          ? [
              {
                id: 'tied',
                label: t('engines.tied'),
                cell: ({ tied }: ScoredContender) =>
                  scoreNames
                    .filter(name => tied[name].length > 0)
                    .map(name => `${t(`engines.${name}`)}: ${tied[name].join(', ')}`)
                    .join('; '),
              },
            ]
          : []),
      ]}
    />
  );
}

/** With its interval below it, so that a row of figures is as wide as a page. */
function shown(figure: MeasuredFigure | undefined) {
  if (!figure) return undefined;
  const { value, low, high } = figure;
  return <TwoLines first={figureText(value)} second={`${figureText(low)} – ${figureText(high)}`} />;
}
