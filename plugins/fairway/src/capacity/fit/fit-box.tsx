import { useState } from 'react';
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import type { FittingClasses as Classes, QueuePlace } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { FitNumbers, ModelText } from './fit-fields.tsx';
import { FittingClasses } from './fitting-classes.tsx';
import { firstForm, questionOf } from './fit-form.ts';
import { FitResult } from './fit-result.tsx';
import { QueueChoice } from './queue-choice.tsx';

/** "Would this model fit, where, and would a queue admit it?" */
export function FitBox() {
  const { t } = useFairwayText();
  const [form, setForm] = useState(firstForm);
  const [queue, setQueue] = useState<QueuePlace>();
  const [open, setOpen] = useState(false);
  const question = questionOf(form);
  const choose = ({ contextLength, sequences }: Classes, { gpuClass, gpus }: Classes['fits'][number]) => {
    const lengths = { contextLength: String(contextLength), sequences: String(sequences) };
    setForm({ ...form, ...lengths, gpuClass, gpusPerReplica: String(gpus) });
    setOpen(true);
  };
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small">
          {t('fit.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <Flex direction="column" gap="4">
          <ModelText form={form} onChange={setForm} />
          {form.gpuClass === '' && <FittingClasses written={form.model.trim()} onChoose={choose} />}
          {form.gpuClass !== '' && <FitResult question={question && { ...question, queue }} />}
          <details open={open} onToggle={event => setOpen(event.currentTarget.open)}>
            <summary>{t('fit.oneClass')}</summary>
            <Flex direction="column" gap="4" mt="3">
              <FitNumbers form={form} onChange={setForm} />
              <QueueChoice chosen={queue} onChoose={setQueue} />
            </Flex>
          </details>
        </Flex>
      </CardBody>
    </Card>
  );
}
