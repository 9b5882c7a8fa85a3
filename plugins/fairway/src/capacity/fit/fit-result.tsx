import { Alert, Flex, Text } from '@backstage/ui';
import type { FitAnswer, FitQuestion } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { useFailureText } from '../../view/use-failure-text.ts';
import { useOperation } from '../../view/use-operation.ts';
import { useSettled } from '../../view/use-settled.ts';

/** The answer of the clusters to a question that is being typed. */
export function FitResult({ question }: { readonly question: FitQuestion | undefined }) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const settled = useSettled(question);
  const { value, error } = useOperation('fit', settled && { body: settled });
  return (
    <div role="status" aria-live="polite">
      {!question && <Text color="secondary">{t('fit.incomplete')}</Text>}
      {question && error && <Alert status="danger" icon title={t('fit.failed')} description={failureText(error)} />}
      {question && !error && !value && <Text color="secondary">{t('fit.asking')}</Text>}
      {question && !error && value && <Verdict answer={value} question={question} />}
    </div>
  );
}

interface VerdictProps {
  readonly answer: FitAnswer;
  readonly question: FitQuestion;
}

function Verdict({ answer, question: { replicas: wanted, queue: asked } }: VerdictProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { sentence, coded, places, remarks = [], queue } = answer;
  const [title, status] = titleOf(answer, wanted);
  return (
    <Alert
      status={status}
      icon
      title={t(title)}
      description={
        <Flex direction="column" gap="1">
          <Text>{say(sentence, coded)}</Text>
          {places.map(({ cluster, replicas, nodes }) => (
            <Text key={cluster}>
              {replicas === 0
                ? t('fit.noPlace', { cluster })
                : t('fit.place', {
                    cluster,
                    replicas: String(replicas),
                    wanted: String(wanted),
                    nodes: nodeNames(nodes),
                  })}
            </Text>
          ))}
          {remarks.map(remark => (
            <Text key={remark.sentence}>{say(remark.sentence, remark.coded)}</Text>
          ))}
          {queue && asked && (
            <Text>
              {queue.reason === undefined
                ? t('queues.admits', { name: asked.name })
                : t('queues.says', { name: asked.name, reason: say(queue.reason, queue.coded) })}
            </Text>
          )}
        </Flex>
      }
    />
  );
}

/** What no waiting changes comes first. */
function titleOf({ fits, memoryFits, places, queue }: FitAnswer, wanted: number) {
  if (fits) return ['fit.fits', 'success'] as const;
  if (!memoryFits) return ['fit.tooLarge', 'danger'] as const;
  if (queue?.admits === 'never') return ['queues.never', 'danger'] as const;
  if ((places[0]?.replicas ?? 0) < wanted) return ['fit.memoryOnly', 'warning'] as const;
  return [queue?.admits === 'later' ? 'queues.later' : 'queues.unknown', 'warning'] as const;
}

/** A large cluster has too many to read. */
function nodeNames(nodes: readonly string[]): string {
  const shown = nodes.slice(0, 5).join(', ');
  return nodes.length > 5 ? `${shown}, +${nodes.length - 5}` : shown;
}
