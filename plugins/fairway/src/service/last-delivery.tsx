import { Flex, Link, Text } from '@backstage/ui';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { serviceEntityName } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { Change } from '../delivery/change.tsx';
import { DeliverAgain } from '../delivery/deliver-again.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Answer } from '../view/answer.tsx';
import { Time } from '../view/time.tsx';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { Verdict } from '../view/verdict.tsx';
import { FactCard } from './fact-card.tsx';

const refresh: Refresh = { on: ['deliveries'], every: 60 };

/** What came of the last delivery, and what the last release put into production. */
export function LastDelivery({ summary }: { readonly summary: ServiceSummary }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const linkOf = useEntityRefLink();
  const { name, namespace, lastDelivery, released } = summary;
  const asked = useOperation('delivery', { path: { id: lastDelivery.id } }, refresh);
  const page = linkOf(serviceEntityName({ service: name, namespace }));
  return (
    <FactCard title={t('service.lastDelivery')}>
      <Answer asked={asked}>
        {delivery => (
          <Flex direction="column" gap="1">
            <Flex gap="3" align="center" style={{ flexWrap: 'wrap' }}>
              <Verdict verdict={delivery.verdict} />
              <Text color="secondary">
                <Time at={delivery.finishedAt} />
              </Text>
              {delivery.commit && (
                <Text color="secondary" title={delivery.commit}>
                  {t('delivery.commit', { commit: delivery.commit.slice(0, 12) })}
                </Text>
              )}
            </Flex>
            <Text>{say(delivery.reason, delivery.coded)}</Text>
            <Change delivery={delivery} />
            <div>
              <DeliverAgain key={delivery.id} delivery={delivery} />
            </div>
          </Flex>
        )}
      </Answer>
      <Text color="secondary" title={released?.digest}>
        {released
          ? t('service.inProduction', { revision: released.revision, when: <Time at={released.since} /> })
          : t('service.notInProduction')}
      </Text>
      <Link href={`${page}/delivery?delivery=${encodeURIComponent(lastDelivery.id)}`}>{t('service.openDelivery')}</Link>
    </FactCard>
  );
}
