import type { DeliveryRow } from './row.ts';

/** Hours in which every stage ends: no job of a delivery may take longer. */
const longest = 24;

/**
 * The delivery as it is told at this time. One that runs, and of which nothing was heard for longer than a stage may take, is
 * inconclusive: nobody knows whether it goes on. Nothing of this is stored, so that it runs again with the next that it sends.
 */
export function toldAt<Row extends DeliveryRow>(row: Row, now: Date): Row {
  const heard = row.heard_at ?? row.finished_at;
  if (row.verdict !== 'running' || now.getTime() - Date.parse(heard) <= longest * 3_600_000) return row;
  const where = row.origin === 'laptop' ? 'the terminal in which it was started' : row.origin;
  const last = row.reason === '' ? '' : ` The last that it told: ${row.reason}`;
  return {
    ...row,
    verdict: 'inconclusive',
    reason: `Nothing was heard of it since ${heard}, which is longer than a stage may take: its runner may have died, or waits for an approval.${last} Look at ${where}, and deliver again if it has ended; when it goes on, so does this.`,
  };
}
