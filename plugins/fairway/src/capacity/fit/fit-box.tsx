import { useState } from 'react';
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { FitFields } from './fit-fields.tsx';
import { firstForm, questionOf } from './fit-form.ts';
import { FitResult } from './fit-result.tsx';

/** "Would this model fit, and where?" */
export function FitBox() {
  const { t } = useFairwayText();
  const [form, setForm] = useState(firstForm);
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
          <FitResult question={questionOf(form)} />
        </Flex>
      </CardBody>
    </Card>
  );
}
