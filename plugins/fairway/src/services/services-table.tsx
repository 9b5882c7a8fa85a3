import { Flex, Text } from '@backstage/ui';
import { RiAlarmWarningFill } from '@remixicon/react';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { shortDigest } from '../view/figures.ts';
import { ServiceLink } from '../view/service-link.tsx';
import { Time, useMoment } from '../view/time.tsx';
import { Verdict } from '../view/verdict.tsx';
import classes from './services.module.css';

export function ServicesTable({ services }: { readonly services: readonly ServiceSummary[] }) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('services.title')}
      rows={services}
      idOf={service => service.name}
      columns={[
        { id: 'service', label: t('services.service'), cell: service => <Name {...service} /> },
        { id: 'engine', label: t('services.engine'), cell: ({ engine }) => engine },
        { id: 'model', label: t('services.model'), cell: ({ model }) => model },
        { id: 'production', label: t('services.production'), cell: service => <Production {...service} /> },
        {
          id: 'last',
          label: t('services.lastDelivery'),
          cell: ({ lastDelivery }) => (
            <Flex direction="column" gap="0.5">
              <Verdict verdict={lastDelivery.verdict} />
              <Text variant="body-small" color="secondary">
                <Time at={lastDelivery.finishedAt} />
              </Text>
            </Flex>
          ),
        },
        { id: 'objectives', label: t('services.objectives'), cell: service => <Objectives {...service} /> },
        { id: 'alerts', label: t('services.alerts'), cell: ({ firingAlerts }) => <Firing count={firingAlerts} /> },
      ]}
    />
  );
}

/** With what is wrong with its record, which the catalog shows in part only. */
function Name({ name, problems = [] }: ServiceSummary) {
  return (
    <Flex direction="column" gap="0.5">
      <ServiceLink service={name} />
      {problems.map(problem => (
        <Text key={problem} variant="body-small" color="warning" className={classes.reason} title={problem}>
          {problem}
        </Text>
      ))}
    </Flex>
  );
}

function Production({ production }: ServiceSummary) {
  const { t } = useFairwayText();
  const moment = useMoment();
  if (!production) return <Text color="secondary">{t('services.notReleased')}</Text>;
  return (
    <Flex direction="column" gap="0.5">
      <Text title={production.digest}>
        {production.revision} ({shortDigest(production.digest)})
      </Text>
      <Text variant="body-small" color="secondary">
        {t('services.since', { when: moment(production.since) })}
      </Text>
    </Flex>
  );
}

function Objectives({ objectives }: ServiceSummary) {
  const { t } = useFairwayText();
  if (!objectives) return <Text color="secondary">{t('services.notMeasured')}</Text>;
  return (
    <Flex direction="column" gap="0.5">
      <Verdict verdict={objectives.verdict} />
      <Text variant="body-small" color="secondary" className={classes.reason} title={objectives.reason}>
        {objectives.reason}
      </Text>
    </Flex>
  );
}

function Firing({ count }: { readonly count: number | undefined }) {
  const { t } = useFairwayText();
  if (count === undefined) return <Text color="warning">{t('services.unwatched')}</Text>;
  if (count === 0) return <Text color="secondary">{t('services.quiet')}</Text>;
  return (
    <Text color="danger" weight="bold" className={classes.firing}>
      <RiAlarmWarningFill aria-hidden="true" size={16} />
      {t('services.firing', { amount: String(count) })}
    </Text>
  );
}
