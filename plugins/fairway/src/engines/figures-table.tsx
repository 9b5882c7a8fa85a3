import { Link } from '@backstage/ui';
import { scoreNames } from '@fairway/backstage-plugin-fairway-common';
import type { ScoredBenchmark } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { figureText } from '../view/figures.ts';
import { Time } from '../view/time.tsx';
import { engineTitle } from './comparisons.ts';

/** The raw figures and the scores that follow from them. */
export function FiguresTable({ scored }: { readonly scored: readonly ScoredBenchmark[] }) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('engines.figures')}
      rows={scored}
      idOf={({ benchmark }) => benchmark.engine}
      columns={[
        { id: 'engine', label: t('engines.engine'), cell: ({ benchmark }) => engineTitle(benchmark.engine) },
        { id: 'version', label: t('engines.version'), cell: ({ benchmark }) => benchmark.version },
        {
          id: 'tokens',
          label: t('engines.tokensPerSecond'),
          number: true,
          cell: ({ benchmark }) => figureText(benchmark.tokensPerSecond),
        },
        {
          id: 'ttft',
          label: t('engines.ttft'),
          number: true,
          cell: ({ benchmark }) => `${figureText(benchmark.timeToFirstTokenP95)} ms`,
        },
        {
          id: 'within',
          label: t('engines.within'),
          number: true,
          cell: ({ benchmark }) => `${figureText(benchmark.goodput)} %`,
        },
        ...scoreNames.map(name => ({
          id: name,
          label: t(`engines.${name}`),
          number: true,
          cell: ({ scores }: ScoredBenchmark) => figureText(scores[name]),
        })),
        { id: 'source', label: t('engines.source'), cell: ({ benchmark }) => <Source source={benchmark.source} /> },
        { id: 'measured', label: t('engines.measured'), cell: ({ benchmark }) => <Time at={benchmark.measuredAt} /> },
      ]}
    />
  );
}

function Source({ source }: { readonly source: string }) {
  // a delivery's id is the other kind of source
  if (!source.startsWith('https://')) return source;
  return (
    <Link href={source} target="_blank" rel="noopener" title={source}>
      {new URL(source).hostname}
    </Link>
  );
}
