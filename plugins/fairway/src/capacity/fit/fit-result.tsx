import { useEffect, useState } from 'react';
import { Alert, Flex, Text } from '@backstage/ui';
import type { FitAnswer, FitQuestion } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { useFailureText } from '../../view/use-failure-text.ts';
import { useOperation } from '../../view/use-operation.ts';

/** Milliseconds without a key after which the clusters are asked. */
const pause = 400;

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
      {question && !error && value && <Verdict answer={value} wanted={question.replicas} />}
    </div>
  );
}

function Verdict({ answer, wanted }: { readonly answer: FitAnswer; readonly wanted: number }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { memoryFits, fits, sentence, coded, places } = answer;
  const [title, status] = fits
    ? ([t('fit.fits'), 'success'] as const)
    : memoryFits
      ? ([t('fit.memoryOnly'), 'warning'] as const)
      : ([t('fit.tooLarge'), 'danger'] as const);
  return (
    <Alert
      status={status}
      icon
      title={title}
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
        </Flex>
      }
    />
  );
}

/** A large cluster has too many to read. */
function nodeNames(nodes: readonly string[]): string {
  const shown = nodes.slice(0, 5).join(', ');
  return nodes.length > 5 ? `${shown}, +${nodes.length - 5}` : shown;
}

/** The question once its author pauses. */
function useSettled(question: FitQuestion | undefined): FitQuestion | undefined {
  const text = question && JSON.stringify(question);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled === undefined ? undefined : (JSON.parse(settled) as FitQuestion);
}
