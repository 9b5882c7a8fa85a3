import { type DeliveryRecord, type StageEntry } from '@fairway/stage/record';
import { stageOrder } from '@fairway/stage/verdict';
import { currentEntries, lastFinish } from './entries.ts';

/**
 * What is known of a delivery after another record of it came in, in whatever order records arrive. Gives back `stored`
 * itself when nothing is new. Of each stage the entry counts that finished last; everything else is the newer record's.
 */
export function mergedRecord(stored: DeliveryRecord, incoming: DeliveryRecord): DeliveryRecord {
  const [newer, older] = isNewer(incoming, stored) ? [incoming, stored] : [stored, incoming];
  const kept = new Map<string, StageEntry>();
  for (const name of stageOrder) {
    const known = newer.stages[name];
    const other = older.stages[name];
    if (other && (!known || other.finishedAt > known.finishedAt)) kept.set(name, other);
  }
  return kept.size === 0
    ? newer
    : {
        ...newer,
        environment: newer.environment ?? older.environment,
        cluster: newer.cluster ?? older.cluster,
        stages: { ...newer.stages, ...Object.fromEntries(kept) },
      };
}

/**
 * A stage that runs moves the last finish forward. One that stands because nothing changed keeps its times, and only
 * stops being stale: so among records with the same last finish the newer one has more stages that count.
 */
function isNewer(one: DeliveryRecord, other: DeliveryRecord): boolean {
  const [ours, theirs] = [lastFinish(one), lastFinish(other)];
  return ours === theirs ? currentEntries(one).size > currentEntries(other).size : ours > theirs;
}
