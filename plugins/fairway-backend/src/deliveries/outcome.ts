import type { CodedReason, DeliveryVerdict } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import { type StageName, stageOrder } from '@fairway/stage/verdict';
import { currentEntries } from './entries.ts';

export interface Outcome {
  readonly verdict: DeliveryVerdict;
  readonly failedStage?: StageName;
  readonly reason: string;
  readonly coded?: CodedReason;
}

/** What a delivery came to so far, from the verdicts of its stages. */
export function outcomeOf(record: DeliveryRecord): Outcome {
  const entries = currentEntries(record);
  for (const [name, entry] of entries) {
    if (entry.verdict === 'pass' || entry.verdict === 'skipped') continue;
    if (name === 'scan' && isBeingFixed(record)) continue;
    const { verdict, reason, coded } = entry;
    return { verdict, failedStage: name, reason, ...(coded && { coded }) };
  }
  const last = stageOrder.findLast(name => entries.has(name));
  const { reason = '', coded } = (last && entries.get(last)) ?? {};
  return { verdict: last === 'release' ? 'pass' : 'running', reason, ...(coded && { coded }) };
}

/** A scan that failed over its findings is answered by `remediate`, after which the scan runs again. */
function isBeingFixed(record: DeliveryRecord): boolean {
  const entries = currentEntries(record);
  const scan = entries.get('scan');
  const remediate = entries.get('remediate');
  if (!scan || !(Number(scan.outputs['blocking'] ?? 0) > 0)) return false;
  return !remediate || remediate.verdict !== 'pass' || remediate.finishedAt > scan.finishedAt;
}
