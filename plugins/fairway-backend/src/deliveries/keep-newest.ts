import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { removeUnheldEvidence } from './evidence-table.ts';
import { tellingDeliveries } from './telling-deliveries.ts';

/** What is kept of stored deliveries, beside those of which the page of services tells: they stay whatever this says. */
export interface Retention {
  /** Newest deliveries of a service. */
  readonly deliveries: number;
  /** Age of a delivery, from its last stage. */
  readonly days: number;
  /** Size of all records and evidence together. */
  readonly megabytes: number;
}

const defaults: Retention = { deliveries: 200, days: 365, megabytes: 5000 };
const keys = { deliveries: 'keepDeliveries', days: 'keepDays', megabytes: 'keepMegabytes' } as const;

/** Deliveries that go at once, before their size is counted again. */
const batch = 20;

/** @throws InputError for a limit that is no whole number of 1 or more */
export function configuredRetention(config: Config): Retention {
  const read = (name: keyof Retention) => {
    const value = config.getOptionalNumber(`fairway.${keys[name]}`) ?? defaults[name];
    if (Number.isInteger(value) && value >= 1) return value;
    throw new InputError(
      `The configuration fairway.${keys[name]} is ${value}; it must be a whole number of ${name}, 1 or more.`,
    );
  };
  return { deliveries: read('deliveries'), days: read('days'), megabytes: read('megabytes') };
}

/** Lets the oldest deliveries go, once a day on one replica. */
export async function keepNewest(scheduler: SchedulerService, database: Knex, retention: Retention): Promise<void> {
  await scheduler.scheduleTask({
    id: 'fairway-keep-newest-deliveries',
    frequency: { hours: 24 },
    initialDelay: { minutes: 5 },
    timeout: { minutes: 10 },
    fn: () => removeOldDeliveries(database, retention, new Date()),
  });
}

/** Leaves of each service the newest deliveries, and those of which the page of services still tells. */
export async function removeOldDeliveries(database: Knex, retention: Retention, now: Date): Promise<void> {
  const told = new Set(
    Object.values(await tellingDeliveries(database)).flatMap(rows => [...rows.values()].map(row => row.id)),
  );
  const ranked = database('deliveries')
    .select('id', 'finished_at')
    .rowNumber('age', order => order.partitionBy(['service', 'namespace']).orderBy('finished_at', 'desc').orderBy('id'))
    .as('ranked');
  const before = new Date(now.getTime() - retention.days * 24 * 3_600_000).toISOString();
  const old: { id: string }[] = await database
    .select('id')
    .from(ranked)
    .where('age', '>', retention.deliveries)
    .orWhere('finished_at', '<', before);
  const removable = (rows: readonly { id: string }[]) => rows.map(row => row.id).filter(id => !told.has(id));
  await remove(database, removable(old));

  const rest: { id: string }[] = await database('deliveries').orderBy('finished_at').orderBy('id').select('id');
  const oldest = removable(rest);
  while (oldest.length > 0 && (await storedBytes(database)) > retention.megabytes * 1e6)
    await remove(database, oldest.splice(0, batch));
}

async function remove(database: Knex, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await database.transaction(async transaction => {
    for (const id of ids) await transaction('deliveries').where({ id }).delete();
    await removeUnheldEvidence(transaction);
  });
}

async function storedBytes(database: Knex): Promise<number> {
  const size = async (table: string, column: string) => {
    const [row] = await database(table).select(database.raw('sum(octet_length(??)) as bytes', [column]));
    return Number(row?.bytes ?? 0);
  };
  return (await size('delivery_records', 'record')) + (await size('evidence', 'content'));
}
