import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { bySeverity } from './by-severity.ts';

export const groupings = ['service', 'name', 'owner', 'cluster'] as const;
export type Grouping = (typeof groupings)[number];

interface AlertGroup {
  /** What its alerts have in common; empty for those that do not say it. */
  readonly id: string;
  readonly alerts: readonly Alert[];
}

export function alertKey({ source, fingerprint, since }: Pick<Alert, 'source' | 'fingerprint' | 'since'>): string {
  return JSON.stringify([source, fingerprint, since]);
}

/** The group with the most severe alert comes first, and in each the most severe alert. */
export function groupsOf(alerts: readonly Alert[], by: Grouping): readonly AlertGroup[] {
  const groups = Map.groupBy(alerts.toSorted(bySeverity), alert => valueOf(alert, by));
  return [...groups].map(([id, of]) => ({ id, alerts: of }));
}

/** Services of two namespaces may have one name. */
function valueOf(alert: Alert, by: Grouping): string {
  if (by !== 'service') return alert[by] ?? '';
  const { service, namespace = service } = alert;
  return service === undefined || namespace === service ? (service ?? '') : `${namespace}/${service}`;
}
