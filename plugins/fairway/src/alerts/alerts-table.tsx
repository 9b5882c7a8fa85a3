import { Flex, Link, Text } from '@backstage/ui';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { useBrokeOff } from '../releases/broke-off.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import type { TableColumn } from '../view/data-table.tsx';
import { ServiceLink } from '../view/service-link.tsx';
import { Time } from '../view/time.tsx';
import { AlertActions } from './alert-actions.tsx';
import classes from './alerts.module.css';
import { Severity } from './severity.tsx';

interface AlertsTableProps {
  readonly alerts: readonly Alert[];
  readonly mayUpdate: boolean;
  /** Whether all are of one service, which then need not be named. */
  readonly ofOne: boolean;
  readonly onUpdated: () => void;
}

export function AlertsTable({ alerts, mayUpdate, ofOne, onUpdated }: AlertsTableProps) {
  const { t } = useFairwayText();
  // what one does about it stands where no window is too narrow for it
  const columns: readonly TableColumn<Alert>[] = [
    { id: 'alert', label: t('alerts.alert'), cell: alert => <What alert={alert} /> },
    { id: 'severity', label: t('alerts.severity'), cell: ({ severity }) => <Severity severity={severity} /> },
    {
      id: 'service',
      label: t('services.service'),
      cell: ({ service, namespace }) => service && <ServiceLink service={service} namespace={namespace} />,
    },
    { id: 'since', label: t('alerts.sinceTitle'), cell: ({ since }) => <Time at={since} /> },
    { id: 'state', label: t('alerts.state'), cell: alert => <State alert={alert} /> },
    {
      id: 'actions',
      label: t('alerts.actions'),
      cell: alert => <AlertActions alert={alert} onUpdated={onUpdated} />,
    },
    { id: 'cluster', label: t('gpu.cluster'), cell: ({ cluster, source }) => cluster ?? source },
    { id: 'runbook', label: t('alerts.runbook'), cell: alert => <Runbook alert={alert} /> },
  ];
  const hidden = new Set([...(ofOne ? ['service'] : []), ...(mayUpdate ? [] : ['actions'])]);
  return (
    <DataTable
      label={t('alerts.title')}
      rows={alerts}
      idOf={({ source, fingerprint }) => JSON.stringify([source, fingerprint])}
      columns={columns.filter(({ id }) => !hidden.has(id))}
    />
  );
}

function What({ alert }: { readonly alert: Alert }) {
  const { t } = useFairwayText();
  const brokeOff = useBrokeOff();
  const { name, objective, owner, service = '' } = alert;
  // others write their alerts in one language
  const { title: summary, description } = alert.brokenOff
    ? brokeOff(service, alert.brokenOff)
    : { title: alert.summary, description: alert.description };
  return (
    <Flex direction="column" gap="0.5" className={classes.what}>
      <Text weight="bold">{name}</Text>
      <Text title={alert.description}>{summary}</Text>
      {alert.brokenOff && <Text color="secondary">{description}</Text>}
      {objective && <Text color="secondary">{t('alerts.objective', { objective })}</Text>}
      {owner && <Text color="secondary">{t('alerts.owner', { owner })}</Text>}
    </Flex>
  );
}

function State({ alert: { state, acknowledged } }: { readonly alert: Alert }) {
  const { t } = useFairwayText();
  return (
    <Flex direction="column" gap="0.5">
      <Text>{t(state === 'suppressed' ? 'alerts.silenced' : 'alerts.firing')}</Text>
      {acknowledged && (
        <Text color="secondary">
          {t('alerts.acknowledged', { by: acknowledged.by, when: <Time at={acknowledged.at} /> })}
        </Text>
      )}
    </Flex>
  );
}

function Runbook({ alert: { name, runbookUrl } }: { readonly alert: Alert }) {
  const { t } = useFairwayText();
  if (!runbookUrl) return null;
  // a path inside a repository leads nowhere from here
  if (!URL.canParse(runbookUrl)) return runbookUrl;
  return (
    <Link href={runbookUrl} target="_blank" rel="noopener" aria-label={t('alerts.runbookOf', { name })}>
      {t('alerts.runbook')}
    </Link>
  );
}
