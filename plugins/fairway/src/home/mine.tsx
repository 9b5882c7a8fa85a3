import { Text } from '@backstage/ui';
import type { Home, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { Firing } from '../services/firing.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { ServiceLink } from '../view/service-link.tsx';
import { Time } from '../view/time.tsx';
import { Verdict } from '../view/verdict.tsx';
import { HomeSection } from './home-section.tsx';
import classes from './home.module.css';
import { useSibling } from './use-sibling.ts';

/** The services of the user and their groups. */
export function Mine({ mine: { owners, items, total } }: { readonly mine: Home['mine'] }) {
  const { t } = useFairwayText();
  const services = useSibling('services');
  return (
    <HomeSection
      title={t('home.mine')}
      total={total}
      shown={items.length}
      order={t('home.needFirst')}
      none={
        <Text color="secondary">
          {owners.length === 0 ? t('home.nobodyOwns') : t('home.noMine', { owners: owners.join(', ') })}
        </Text>
      }
      more={{ text: t('home.allServices'), href: services }}
    >
      <DataTable
        label={t('home.mine')}
        rows={items}
        idOf={({ namespace, name }) => `${namespace}/${name}`}
        columns={[
          {
            id: 'service',
            label: t('services.service'),
            cell: ({ name, namespace }) => <ServiceLink service={name} namespace={namespace} />,
          },
          { id: 'state', label: t('home.state'), cell: service => <State service={service} /> },
          { id: 'alerts', label: t('services.alerts'), cell: ({ firingAlerts }) => <Firing count={firingAlerts} /> },
          {
            id: 'last',
            label: t('services.lastDelivery'),
            cell: ({ lastDelivery: { verdict, finishedAt } }) => (
              <span className={classes.facts}>
                <Verdict verdict={verdict} />
                <Text color="secondary">
                  <Time at={finishedAt} />
                </Text>
              </span>
            ),
          },
          {
            id: 'objectives',
            label: t('services.objectives'),
            cell: ({ objectives }) =>
              objectives ? <Verdict verdict={objectives.verdict} /> : t('services.notMeasured'),
          },
          { id: 'owner', label: t('filter.owner'), cell: ({ owner }) => owner },
        ]}
      />
    </HomeSection>
  );
}

function State({ service: { state } }: { readonly service: ServiceSummary }) {
  const { t } = useFairwayText();
  return <Text color={state === 'not-serving' ? 'danger' : undefined}>{t(`filter.${state}`)}</Text>;
}
