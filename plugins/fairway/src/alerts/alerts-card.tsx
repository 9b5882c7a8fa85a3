import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { OfEntity } from '../view/of-entity.tsx';
import { Alerts } from './alerts.tsx';

/** The card of an entity: the alerts of its service. */
export function AlertsCard() {
  const { t } = useFairwayText();
  return (
    <Card>
      <CardHeader>
        <Text as="h3" variant="title-x-small">
          {t('alerts.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <OfEntity>{of => <Alerts {...of} />}</OfEntity>
      </CardBody>
    </Card>
  );
}
