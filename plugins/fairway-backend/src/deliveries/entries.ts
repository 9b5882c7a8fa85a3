import type { DeliveryRecord, StageEntry } from '@fairway/stage/record';
import { type StageName, stageOrder } from '@fairway/stage/verdict';

/** The stages that ran in this delivery. A stale entry is what an earlier delivery left behind, and says nothing of this one. */
export function currentEntries(record: DeliveryRecord): ReadonlyMap<StageName, StageEntry> {
  const entries = new Map<StageName, StageEntry>();
  for (const name of stageOrder) {
    const entry = record.stages[name];
    if (entry && !entry.stale) entries.set(name, entry);
  }
  return entries;
}

/** Latest end of a stage; empty for a record in which nothing ran. */
export function lastFinish(record: DeliveryRecord): string {
  return Object.values(record.stages).reduce((last, entry) => (entry.finishedAt > last ? entry.finishedAt : last), '');
}
