import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import classes from '../../view/view.module.css';

export const diagnosisSchema = z.object({ cause: z.string().nullish(), logs: z.array(z.string()) });

/** Why a version did not become ready, and what its engine said last. */
export function Diagnosis({ of: { cause, logs } }: { readonly of: z.output<typeof diagnosisSchema> }) {
  const { t } = useFairwayText();
  const text = logs.join('\n').trim();
  return (
    <Flex direction="column" gap="2">
      {cause && <Text>{cause}</Text>}
      {text && (
        <pre className={classes.raw} tabIndex={0} aria-label={t('diagnosis.logs')}>
          {text}
        </pre>
      )}
    </Flex>
  );
}
