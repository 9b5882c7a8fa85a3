import { Alert, Button, Flex, Text } from '@backstage/ui';
import type { FittingClasses as Classes } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useFailureText } from '../../view/use-failure-text.ts';
import { useOperation } from '../../view/use-operation.ts';
import { useSettled } from '../../view/use-settled.ts';
import classes from '../capacity.module.css';

type Fit = Classes['fits'][number];

interface FittingClassesProps {
  /** Name on the hub or text of a config.json; empty while there is none. */
  readonly written: string;
  /** Asks about one of them. */
  readonly onChoose: (classes: Classes, fit: Fit) => void;
}

/** Which GPU classes hold a model, with how many of each, and where they are free: all from its name or its configuration. */
export function FittingClasses({ written, onChoose }: FittingClassesProps) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const settled = useSettled(written || undefined);
  const config = settled?.startsWith('{') ? settled : undefined;
  const named = useOperation('model', settled && !config ? { query: { reference: settled } } : undefined);
  const described = useOperation('fitting', config ? { body: { model: { config } } } : undefined);
  const { value, error }: { value?: Classes | undefined; error?: Error | undefined } = config ? described : named;
  return (
    <div role="status" aria-live="polite">
      {!written && <Text color="secondary">{t('fit.noModel')}</Text>}
      {written && error && <Alert status="danger" icon title={t('fit.failed')} description={failureText(error)} />}
      {written && !error && !value && <Text color="secondary">{t('fit.asking')}</Text>}
      {written && !error && value && <Held model={value} onChoose={fit => onChoose(value, fit)} />}
    </div>
  );
}

function Held({ model, onChoose }: { readonly model: Classes; readonly onChoose: (fit: Fit) => void }) {
  const { t } = useFairwayText();
  const { fits, contextLength, sequences } = model;
  if (fits.length === 0) return <Alert status="danger" icon title={t('fit.noClass')} />;
  const judged = { contextLength: String(contextLength), sequences: String(sequences) };
  return (
    <Flex direction="column" gap="2">
      <Text color="secondary">{t('fit.judged', judged)}</Text>
      <ul className={classes.list}>
        {fits.map(fit => (
          <li key={fit.gpuClass}>
            <Flex gap="3" align="center" style={{ flexWrap: 'wrap' }}>
              <Text weight="bold">{t('fit.amount', { gpus: String(fit.gpus), gpuClass: fit.gpuClass })}</Text>
              <Text color={fit.clusters.length > 0 ? 'success' : 'secondary'}>
                {fit.clusters.length > 0 ? t('fit.roomIn', { clusters: fit.clusters.join(', ') }) : t('fit.noRoom')}
              </Text>
              <Button
                size="small"
                variant="secondary"
                aria-label={t('fit.askOf', { gpuClass: fit.gpuClass })}
                onPress={() => onChoose(fit)}
              >
                {t('fit.ask')}
              </Button>
            </Flex>
          </li>
        ))}
      </ul>
    </Flex>
  );
}
