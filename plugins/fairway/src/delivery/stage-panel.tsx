import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { StageName } from '@fairway/stage/verdict';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { useWord } from '../translation/use-word.ts';
import { Verdict } from '../view/verdict.tsx';
import { StageEvidence } from './evidence/stage-evidence.tsx';
import classes from './stage-panel.module.css';

interface StagePanelProps {
  readonly id: string;
  readonly delivery: Delivery;
  readonly stage: StageName | undefined;
}

/** What one stage said, what it handed on, and what backs it. */
export function StagePanel({ id, delivery, stage }: StagePanelProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const word = useWord();
  const entry = stage && delivery.record.stages[stage];
  return (
    <section id={id} aria-label={stage ? t('delivery.evidenceOf', { stage: word(stage) }) : t('delivery.choose')}>
      <Card>
        {stage && (
          <CardHeader>
            <Text variant="title-x-small" as="h3" title={stage}>
              {word(stage)}
            </Text>
          </CardHeader>
        )}
        <CardBody>
          {!stage && <Text color="secondary">{t('delivery.choose')}</Text>}
          {stage && !entry && <Text color="secondary">{t('delivery.noStage')}</Text>}
          {stage && entry && (
            <Flex direction="column" gap="4">
              <Flex gap="2" align="start">
                <Verdict verdict={entry.verdict} />
                <Text>{say(entry.reason, entry.coded)}</Text>
              </Flex>
              {entry.stale && <Text color="warning">{t('delivery.stale')}</Text>}
              <StageEvidence delivery={delivery} entry={entry} />
              <Outputs outputs={entry.outputs} />
            </Flex>
          )}
        </CardBody>
      </Card>
    </section>
  );
}

function Outputs({ outputs }: { readonly outputs: Readonly<Record<string, string>> }) {
  const { t } = useFairwayText();
  const rows = Object.entries(outputs);
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{t('delivery.outputs')}</summary>
      <dl className={classes.outputs}>
        {rows.map(([name, value]) => (
          <div key={name} className={classes.output}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
