import type { Alert } from '@fairway/backstage-plugin-fairway-common';

/** Severities of Fairway's rules and common ones, those that get somebody out of bed first; others stand after them. */
const severities = [
  ['page', 'critical'],
  ['ticket', 'error', 'warning'],
];

type Ordered = Pick<Alert, 'severity' | 'since' | 'state'>;

/** What fires before what is silenced, of these the most severe first, and of these the oldest. */
export function bySeverity(one: Ordered, other: Ordered): number {
  const silenced = ({ state }: Ordered) => Number(state === 'suppressed');
  return (
    silenced(one) - silenced(other) || rankOf(one) - rankOf(other) || Date.parse(one.since) - Date.parse(other.since)
  );
}

function rankOf({ severity }: Ordered): number {
  const rank = severities.findIndex(names => names.includes(severity.toLowerCase()));
  return rank === -1 ? severities.length : rank;
}
