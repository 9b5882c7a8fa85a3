import type { Home } from '@fairway/backstage-plugin-fairway-common';
import { Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { ServiceLink } from '../view/service-link.tsx';
import { Time } from '../view/time.tsx';
import { VerdictIcon } from '../view/verdict.tsx';
import { HomeItem, HomeSection } from './home-section.tsx';
import classes from './home.module.css';
import { useSibling } from './use-sibling.ts';

/** The deliveries that run, each with what its last stage said. */
export function Delivering({ delivering: { items, total } }: { readonly delivering: Home['delivering'] }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const services = useSibling('services');
  return (
    <HomeSection
      title={t('home.delivering')}
      total={total}
      shown={items.length}
      none={<Text color="secondary">{t('home.noDelivery')}</Text>}
      more={{ text: t('home.allServices'), href: services }}
    >
      <ul className={classes.list}>
        {items.map(({ id, service, namespace, reason, coded, startedAt, environment, commit }) => (
          <HomeItem
            key={id}
            sign={<VerdictIcon verdict="running" />}
            title={<ServiceLink service={service} namespace={namespace} />}
            text={say(reason, coded)}
            facts={[t('home.began', { when: <Time at={startedAt} /> }), environment, commit?.slice(0, 12)].filter(
              fact => fact !== undefined,
            )}
          />
        ))}
      </ul>
    </HomeSection>
  );
}
