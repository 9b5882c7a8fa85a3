import { useState } from 'react';
import { Flex, Select, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { Page } from '../view/page.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { comparisonsOf, engineTitle } from './comparisons.ts';
import type { Comparison } from './comparisons.ts';
import { FiguresTable } from './figures-table.tsx';
import { ScoreChart } from './score-chart.tsx';
import { ScoreDefinitions } from './score-definitions.tsx';

const refresh: Refresh = { on: ['deliveries'], every: 300 };

/** The engines compared by what was measured of them. */
export function EnginesPage() {
  const { t } = useFairwayText();
  const asked = useOperation('benchmarks', {}, refresh);
  return (
    <Page>
      <Answer asked={asked}>
        {({ items }) => {
          const comparisons = comparisonsOf(items);
          return comparisons.length === 0 ? (
            <Empty title={t('engines.empty')} description={t('engines.emptyHint')} />
          ) : (
            <Engines comparisons={comparisons} />
          );
        }}
      </Answer>
    </Page>
  );
}

function Engines({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  const { t } = useFairwayText();
  const [key, setKey] = useState<string>();
  const shown = comparisons.find(one => one.key === key) ?? comparisons[0];
  if (!shown) return null;
  return (
    <Flex direction="column" gap="5">
      {comparisons.length > 1 && (
        <Select
          label={t('engines.compared')}
          options={comparisons.map(one => ({ value: one.key, label: `${one.model}, ${one.hardware}` }))}
          value={shown.key}
          onChange={chosen => setKey(chosen === null ? undefined : String(chosen))}
        />
      )}
      <ScoreChart comparison={shown} />
      {shown.missing.length > 0 && (
        <Text color="secondary">{t('engines.missing', { engines: shown.missing.map(engineTitle).join(', ') })}</Text>
      )}
      <ScoreDefinitions />
      <Flex direction="column" gap="2">
        <Text as="h2" weight="bold">
          {t('engines.figures')}
        </Text>
        <FiguresTable scored={shown.scored} />
      </Flex>
    </Flex>
  );
}
