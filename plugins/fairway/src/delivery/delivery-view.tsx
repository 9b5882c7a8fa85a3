import { useId } from 'react';
import { Flex, Link, Text } from '@backstage/ui';
import { commitPage, type Delivery, runRepository } from '@fairway/backstage-plugin-fairway-common';
import { stageOrder } from '@fairway/stage/verdict';
import type { StageName } from '@fairway/stage/verdict';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Answer } from '../view/answer.tsx';
import { durationText, shortDigest } from '../view/figures.ts';
import { Time } from '../view/time.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { VerdictIcon } from '../view/verdict.tsx';
import { Change } from './change.tsx';
import { DeliverAgain } from './deliver-again.tsx';
import { Flow } from './flow/flow.tsx';
import { StagePanel } from './stage-panel.tsx';

const refresh: Refresh = { on: ['deliveries'], every: 30 };

interface DeliveryViewProps {
  readonly id: string;
  /** As the address names it. */
  readonly stage: string | undefined;
  readonly onStage: (stage: StageName) => void;
}

/** One delivery: what came of it, its flow, and the evidence of the selected stage. */
export function DeliveryView({ id, stage, onStage }: DeliveryViewProps) {
  const panel = useId();
  const asked = useOperation('delivery', { path: { id } }, refresh);
  return (
    <Answer asked={asked}>
      {delivery => {
        const selected = selectedStage(delivery, stage);
        return (
          <>
            <DeliveryFacts delivery={delivery} />
            <Flow delivery={delivery} selected={selected} panel={panel} onSelect={onStage} />
            <StagePanel key={`${delivery.id} ${selected}`} id={panel} delivery={delivery} stage={selected} />
          </>
        );
      }}
    </Answer>
  );
}

/** What is asked for, else where it failed, else the last that ran. */
function selectedStage(delivery: Delivery, asked: string | undefined): StageName | undefined {
  const last = stageOrder.filter(name => delivery.record.stages[name]).at(-1);
  return [asked, delivery.failedStage, last]
    .map(wanted => stageOrder.find(name => name === wanted))
    .find(name => name !== undefined);
}

/** Milliseconds that the stages took together; a delivery may wait for hours between two of them. */
function timeOfStages({ record: { stages } }: Delivery): number {
  const times = Object.values(stages).map(entry => Date.parse(entry.finishedAt) - Date.parse(entry.startedAt));
  return times.reduce((sum, time) => sum + time, 0);
}

function DeliveryFacts({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { verdict, reason, coded, commit, digest, origin, finishedAt, environment, cluster, recordCheck } = delivery;
  const repository = runRepository(origin);
  const { modified } = delivery.record.source;
  const facts: readonly { text: string; title?: string; to?: string }[] = [
    ...(environment ? [{ text: t('delivery.environment', { environment }), title: cluster }] : []),
    ...(commit
      ? [
          {
            text: t(modified ? 'delivery.modified' : 'delivery.commit', { commit: commit.slice(0, 12) }),
            title: commit,
            to: repository && commitPage(repository, commit),
          },
        ]
      : []),
    ...(digest ? [{ text: t('delivery.image', { digest: shortDigest(digest) }), title: digest }] : []),
  ];
  return (
    <Flex direction="column" gap="1">
      <Flex gap="2" align="center">
        <VerdictIcon verdict={verdict} size={24} />
        <Text variant="title-x-small" as="h2">
          {t(`verdict.${verdict}`)}
        </Text>
      </Flex>
      <Text>{say(reason, coded)}</Text>
      <Change delivery={delivery} />
      <div>
        <DeliverAgain key={delivery.id} delivery={delivery} />
      </div>
      {recordCheck && (
        <Text color={recordCheck.state === 'differs' ? 'warning' : 'secondary'}>
          {t(`delivery.record.${recordCheck.state}`, { words: say(recordCheck.words ?? '', recordCheck.coded) })}
        </Text>
      )}
      <Flex gap="4" style={{ flexWrap: 'wrap' }}>
        <Text color="secondary">
          <Time at={finishedAt} /> ({durationText(timeOfStages(delivery))})
        </Text>
        {facts.map(({ text, title, to }) =>
          to ? (
            <Link key={text} href={to} title={title} target="_blank" rel="noopener">
              {text}
            </Link>
          ) : (
            <Text key={text} color="secondary" title={title}>
              {text}
            </Text>
          ),
        )}
        {origin.startsWith('https://') ? (
          <Link href={origin} target="_blank" rel="noopener">
            {t('delivery.from', { origin })}
          </Link>
        ) : (
          <Text color="secondary">{t('delivery.from', { origin })}</Text>
        )}
      </Flex>
    </Flex>
  );
}
