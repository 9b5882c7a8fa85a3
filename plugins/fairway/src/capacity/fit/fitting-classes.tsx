import { Alert, Button, Flex, Text } from '@backstage/ui';
import type { HubModel } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useFailureText } from '../../view/use-failure-text.ts';
import { useOperation } from '../../view/use-operation.ts';
import { useSettled } from '../../view/use-settled.ts';
import classes from '../capacity.module.css';

type Fit = HubModel['fits'][number];

interface FittingClassesProps {
  /** Name on the hub; empty while there is none. */
  readonly reference: string;
  /** Asks about one of them. */
  readonly onChoose: (model: HubModel, fit: Fit) => void;
}

/** Which GPU classes hold a model, with how many of each, and where they are free: all from its name. */
export function FittingClasses({ reference, onChoose }: FittingClassesProps) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const settled = useSettled(reference || undefined);
  const { value, error } = useOperation('model', settled ? { query: { reference: settled } } : undefined);
  return (
    <div role="status" aria-live="polite">
      {!reference && <Text color="secondary">{t('fit.noModel')}</Text>}
      {reference && error && <Alert status="danger" icon title={t('fit.failed')} description={failureText(error)} />}
      {reference && !error && !value && <Text color="secondary">{t('fit.asking')}</Text>}
      {reference && !error && value && <Held model={value} onChoose={fit => onChoose(value, fit)} />}
    </div>
  );
}

function Held({ model, onChoose }: { readonly model: HubModel; readonly onChoose: (fit: Fit) => void }) {
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
