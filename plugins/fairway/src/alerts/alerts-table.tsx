import { Flex, Text } from '@backstage/ui';
import type { Alert, ResolvedAlert } from '@fairway/backstage-plugin-fairway-common';
import { useBrokeOff } from '../releases/broke-off.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { DataTable } from '../view/data-table.tsx';
import { Paged } from '../view/paged.tsx';
import type { TableColumn } from '../view/data-table.tsx';
import { ServiceLink } from '../view/service-link.tsx';
import { Time } from '../view/time.tsx';
import viewClasses from '../view/view.module.css';
import { AlertActions } from './alert-actions.tsx';
import classes from './alerts.module.css';
import { bySeverity } from './by-severity.ts';
import { alertKey, type Grouping, groupsOf } from './groups.ts';
import { Runbook } from './runbook.tsx';
import { Severity } from './severity.tsx';

interface AlertsTableProps {
  readonly alerts: readonly Alert[];
  /** What alerts have in common that stand together; absent where all are of one service, which then need not be named. */
  readonly by?: Grouping;
  readonly onUpdated: () => void;
}

export function AlertsTable({ alerts, by, onUpdated }: AlertsTableProps) {
  const { t } = useFairwayText();
  // what one does about it stands where no window is too narrow for it
  const columns: readonly TableColumn<Alert>[] = [
    { id: 'alert', label: t('alerts.alert'), cell: alert => <What alert={alert} /> },
    {
      id: 'service',
      label: t('services.service'),
      cell: alert => <Where alert={alert} />,
    },
    { id: 'since', label: t('alerts.sinceTitle'), cell: ({ since }) => <Time at={since} /> },
    { id: 'state', label: t('alerts.state'), cell: alert => <State alert={alert} /> },
    {
      id: 'actions',
      label: t('alerts.actions'),
      cell: alert => <AlertActions alert={alert} onUpdated={onUpdated} />,
    },
    { id: 'runbook', label: t('alerts.runbook'), cell: alert => <Runbook alert={alert} /> },
  ];
  const ofCluster: Pick<TableColumn<Alert>, 'label' | 'cell'> = {
    label: t('gpu.cluster'),
    cell: ({ cluster, source }) => cluster ?? source,
  };
  // those of one service are few, and a heading above each would say its name twice
  if (by === undefined)
    return (
      <DataTable
        label={t('alerts.title')}
        rows={alerts.toSorted(bySeverity)}
        most={100}
        idOf={alertKey}
        columns={columns.map(column => (column.id === 'service' ? { ...column, ...ofCluster } : column))}
      />
    );
  const inGroups = groupsOf(alerts, by).flatMap(group => group.alerts.map(alert => ({ group, alert })));
  return (
    <Paged items={inGroups} most={100}>
      {shown => (
        <DataTable
          label={t('alerts.title')}
          groups={[...Map.groupBy(shown, ({ group }) => group)].map(([{ id, alerts: all }, rows]) => ({
            id,
            heading: <GroupHeading id={id} alerts={all} />,
            rows: rows.map(({ alert }) => alert),
          }))}
          idOf={alertKey}
          columns={columns}
        />
      )}
    </Paged>
  );
}

/** How bad it is, in a line. */
function GroupHeading({ id, alerts }: { readonly id: string; readonly alerts: readonly Alert[] }) {
  const { t } = useFairwayText();
  const first = alerts.reduce((one, other) => (other.since < one.since ? other : one));
  return (
    <span className={classes.group}>
      <b>{id === '' ? t('alerts.ungrouped') : id}</b>
      <span>{t('alerts.groupFires', { amount: String(alerts.length), since: <Time at={first.since} /> })}</span>
    </span>
  );
}

/** The service that it is about, and below it the cluster. */
export function Where({ alert: { service, namespace, cluster, source } }: { readonly alert: Alert | ResolvedAlert }) {
  return (
    <Flex direction="column" gap="0.5" className={viewClasses.name}>
      {service && <ServiceLink service={service} namespace={namespace} />}
      <Text variant="body-small" color="secondary">
        {cluster ?? source}
      </Text>
    </Flex>
  );
}

/** What an alert is: how severe, its name, what happened, whose it is. */
export function What({ alert }: { readonly alert: Alert | ResolvedAlert }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const brokeOff = useBrokeOff();
  const { name, objective, owner, service = '' } = alert;
  // others write their alerts in one language
  const { title: summary, description } = alert.brokenOff
    ? brokeOff(service, alert.brokenOff)
    : { title: say(alert.summary, alert.coded), description: say(alert.description, alert.codedDescription) };
  return (
    <Flex direction="column" gap="0.5" className={classes.what}>
      <Flex gap="2" align="center" style={{ flexWrap: 'wrap' }}>
        <Severity severity={alert.severity} />
        <Text weight="bold">{name}</Text>
      </Flex>
      <Text>{summary}</Text>
      {description !== undefined && <Text color="secondary">{description}</Text>}
      <span className={classes.facts}>
        {objective && (
          <Text color="secondary">
            {t('alerts.objective', { objective: say(objective, { code: `objective.${objective}`, parameters: {} }) })}
          </Text>
        )}
        {owner && <Text color="secondary">{t('alerts.owner', { owner })}</Text>}
      </span>
    </Flex>
  );
}

function State({ alert }: { readonly alert: Alert }) {
  const { t } = useFairwayText();
  return (
    <Flex direction="column" gap="0.5">
      <Text>{t(alert.state === 'suppressed' ? 'alerts.silenced' : 'alerts.firing')}</Text>
      <Acknowledged alert={alert} />
    </Flex>
  );
}

/** Who said that they work on it. */
export function Acknowledged({ alert: { acknowledged } }: { readonly alert: Pick<Alert, 'acknowledged'> }) {
  const { t } = useFairwayText();
  if (!acknowledged) return null;
  return (
    <Text color="secondary">
      {t('alerts.acknowledged', { by: acknowledged.by, when: <Time at={acknowledged.at} /> })}
    </Text>
  );
}
