import { Alert } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';

interface PartialAnswerProps {
  readonly cluster: string;
  /** What the store says of its parts that gave nothing; absent for a whole answer. */
  readonly words: string | undefined;
}

/** Says that charts show less than there was: nobody sees it in a line that is a little too low. */
export function PartialAnswer({ cluster, words }: PartialAnswerProps) {
  const { t } = useFairwayText();
  if (words === undefined) return null;
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={t('service.partial', { cluster })}
      description={t('service.partialHint', { words })}
    />
  );
}
