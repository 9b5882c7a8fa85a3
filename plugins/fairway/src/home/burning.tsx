import { Text } from '@backstage/ui';
import type { Alert, Home } from '@fairway/backstage-plugin-fairway-common';
import { bySeverity } from '../alerts/by-severity.ts';
import { Severity } from '../alerts/severity.tsx';
import { WatchNotices } from '../alerts/watch-notices.tsx';
import { useBrokeOff } from '../releases/broke-off.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { ServiceLink } from '../view/service-link.tsx';
import { Time } from '../view/time.tsx';
import { HomeItem, HomeSection } from './home-section.tsx';
import classes from './home.module.css';
import { useSibling } from './use-sibling.ts';

/** The alerts that fire: none is good news only where somebody watches. */
export function Burning({ burning }: { readonly burning: Home['burning'] }) {
  const { t } = useFairwayText();
  const alerts = useSibling('alerts');
  const { items, total, sources, unwatched } = burning;
  const live = sources.filter(({ state }) => state === 'live').flatMap(({ clusters }) => clusters);
  const asking = sources.some(({ state }) => state === 'connecting');
  const silence =
    live.length > 0 ? t('home.quiet', { clusters: live.join(', ') }) : t(asking ? 'home.asking' : 'home.nobody');
  return (
    <HomeSection
      title={t('home.burning')}
      total={total}
      shown={items.length}
      none={
        <>
          <WatchNotices sources={sources} unwatched={unwatched} />
          <Text as="p">{silence}</Text>
        </>
      }
      more={{ text: t('home.allAlerts'), href: alerts }}
    >
      <WatchNotices sources={sources} unwatched={unwatched} />
      <ul className={classes.list}>
        {items.toSorted(bySeverity).map(alert => (
          <Fire key={`${alert.source} ${alert.fingerprint}`} alert={alert} />
        ))}
      </ul>
    </HomeSection>
  );
}

function Fire({ alert }: { readonly alert: Alert }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const brokeOff = useBrokeOff();
  const { name, service, namespace, owner, cluster, source, since, severity, acknowledged } = alert;
  return (
    <HomeItem
      sign={<Severity severity={severity} />}
      title={
        <>
          {service && <ServiceLink service={service} namespace={namespace} />} <Text weight="bold">{name}</Text>
        </>
      }
      text={alert.brokenOff ? brokeOff(service ?? '', alert.brokenOff).title : say(alert.summary, alert.coded)}
      facts={[
        t('home.began', { when: <Time at={since} /> }),
        owner ? t('home.owner', { owner }) : t('home.unowned'),
        cluster ?? source,
        acknowledged ? t('home.taken', { by: acknowledged.by }) : t('home.untaken'),
      ]}
    />
  );
}
