import { useState } from 'react';
import type { ReactNode } from 'react';
import { Flex, Select, Text } from '@backstage/ui';
import { comparisonReasons, firstLine, scoreComparison, startedBy } from '@fairway/backstage-plugin-fairway-common';
import type { Comparison } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Answer } from '../view/answer.tsx';
import { Empty } from '../view/empty.tsx';
import { Page } from '../view/page.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { FiguresTable } from './figures-table.tsx';
import { ScoreChart } from './score-chart.tsx';
import { ScoreDefinitions } from './score-definitions.tsx';

const refresh: Refresh = { on: [], every: 3600 };

/** The engines compared by what was measured of them. */
export function EnginesPage() {
  const { t } = useFairwayText();
  const asked = useOperation('comparisons', {}, refresh);
  return (
    <Page>
      <Answer asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('engines.empty')} description={t('engines.emptyHint')} />
          ) : (
            <Engines comparisons={items} />
          )
        }
      </Answer>
    </Page>
  );
}

/** One record at a time: scores of two mean nothing beside each other. */
function Engines({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const [id, setId] = useState<string>();
  const shown = comparisons.find(one => one.id === id) ?? comparisons[0];
  if (!shown) return null;
  const scored = scoreComparison(shown);
  // what was noted is in the words of who compared
  const notes = [...comparisonReasons(shown).map(({ sentence, coded }) => say(sentence, coded)), ...shown.notes];
  return (
    <Flex direction="column" gap="5">
      {comparisons.length > 1 && (
        <Select
          label={t('engines.compared')}
          options={comparisons.map(one => ({ value: one.id, label: nameOf(one) }))}
          value={shown.id}
          onChange={chosen => setId(chosen === null ? undefined : String(chosen))}
        />
      )}
      <ScoreChart comparison={shown} />
      {scored.map(
        ({ title, reason, coded }) =>
          reason && <Text key={title} color="secondary">{`${title}: ${say(firstLine(reason), coded)}`}</Text>,
      )}
      <ScoreDefinitions />
      <Section title={t('engines.figures')}>
        <FiguresTable scored={scored} />
      </Section>
      <Section title={t('engines.commands')}>
        {scored.map(({ title, contender }) => (
          <Text key={title}>
            {`${title} ${contender.version} (${contender.from}): `}
            <code>{startedBy(contender)}</code>
          </Text>
        ))}
      </Section>
      {notes.length > 0 && (
        <Section title={t('engines.notes')}>
          {notes.map(note => (
            <Text key={note}>{note}</Text>
          ))}
        </Section>
      )}
    </Flex>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Flex direction="column" gap="2">
      <Text as="h2" weight="bold">
        {title}
      </Text>
      {children}
    </Flex>
  );
}

function nameOf({ model, machine, finishedAt }: Comparison): string {
  return `${model.name}, ${machine.label}, ${finishedAt.slice(0, 10)}`;
}
