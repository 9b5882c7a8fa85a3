import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import classes from '../../view/view.module.css';

export const diagnosisSchema = z.object({
  cause: z.string().nullish(),
  coded: codedReasonSchema.optional(),
  logs: z.array(z.string()),
});

/** Why a version did not become ready, and what its engine said last. */
export function Diagnosis({ of: { cause, coded, logs } }: { readonly of: z.output<typeof diagnosisSchema> }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const text = logs.join('\n').trim();
  return (
    <Flex direction="column" gap="2">
      {cause && <Text>{say(cause, coded)}</Text>}
      {text && (
        <pre className={classes.raw} tabIndex={0} aria-label={t('diagnosis.logs')}>
          {text}
        </pre>
      )}
    </Flex>
  );
}
