import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/reason';
import { codedOf } from './coded-column.ts';
import type { DeliveryRow } from './row.ts';

/** Hours in which every stage ends: no job of a delivery may take longer. */
const longest = 24;

/**
 * The delivery as it is told at this time. One that runs, and of which nothing was heard for longer than a stage may take, is
 * inconclusive: nobody knows whether it goes on. Nothing of this is stored, so that it runs again with the next that it sends.
 */
export function toldAt<Row extends DeliveryRow>(row: Row, now: Date): Row & { readonly coded?: CodedReason } {
  if (row.verdict !== 'running' || now.getTime() <= silentAt(row)) return row;
  const heard = heardAt(row);
  const where = row.origin === 'laptop' ? reasonOf('delivery.terminal') : row.origin;
  const silent = (words: string | Reason) =>
    words === ''
      ? reasonOf('delivery.silent', { heard, where })
      : reasonOf('delivery.silentAfter', { heard, where, words });
  // a code of the sender's, which may be newer than those that are known here
  const coded = silent((codedOf(row.coded_reason, row.reason) as Reason | undefined) ?? row.reason);
  return { ...row, verdict: 'inconclusive', reason: english(silent(row.reason)), coded };
}

/** Milliseconds since 1970 until which the delivery is shown as it is now; infinite when time alone changes nothing. */
export function runsUntil(row: DeliveryRow, now: Date): number {
  const until = silentAt(row);
  return row.verdict === 'running' && now.getTime() <= until ? until : Infinity;
}

function silentAt(row: DeliveryRow): number {
  return Date.parse(heardAt(row)) + longest * 3_600_000;
}

function heardAt({ heard_at, finished_at }: DeliveryRow): string {
  return heard_at ?? finished_at;
}
