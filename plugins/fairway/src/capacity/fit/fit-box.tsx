import { useState } from 'react';
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import type { QueuePlace } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { FitFields } from './fit-fields.tsx';
import { firstForm, questionOf } from './fit-form.ts';
import { FitResult } from './fit-result.tsx';
import { QueueChoice } from './queue-choice.tsx';

/** "Would this model fit, where, and would a queue admit it?" */
export function FitBox() {
  const { t } = useFairwayText();
  const [form, setForm] = useState(firstForm);
  const [queue, setQueue] = useState<QueuePlace>();
  const question = questionOf(form);
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small">
          {t('fit.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <Flex direction="column" gap="4">
          <FitFields form={form} onChange={setForm} />
          <QueueChoice chosen={queue} onChoose={setQueue} />
          <FitResult question={question && { ...question, queue }} />
        </Flex>
      </CardBody>
    </Card>
  );
}
