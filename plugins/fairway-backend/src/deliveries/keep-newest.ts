import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { removeUnnamedEvidence } from './evidence-table.ts';
import { tellingDeliveries } from './service-summaries.ts';

const defaultKept = 200;

/**
 * Lets the oldest deliveries go, once a day on one replica.
 * @throws InputError when `fairway.keepDeliveries` is no number of deliveries
 */
export async function keepNewest(scheduler: SchedulerService, database: Knex, config: Config): Promise<void> {
  const kept = config.getOptionalNumber('fairway.keepDeliveries') ?? defaultKept;
  if (!Number.isInteger(kept) || kept < 1) {
    throw new InputError(
      `The configuration fairway.keepDeliveries is ${kept}; it must be how many of the newest deliveries of a service are kept, 1 or more.`,
    );
  }
  await scheduler.scheduleTask({
    id: 'fairway-keep-newest-deliveries',
    frequency: { hours: 24 },
    initialDelay: { minutes: 5 },
    timeout: { minutes: 10 },
    fn: () => removeOldDeliveries(database, kept),
  });
}

/** Leaves of each service the newest deliveries, and those of which the page of services still tells. */
export async function removeOldDeliveries(database: Knex, kept: number): Promise<void> {
  const told = Object.values(await tellingDeliveries(database)).flatMap(rows => [...rows.values()].map(row => row.id));
  const ranked = database('deliveries')
    .select('id')
    .rowNumber('age', order => order.partitionBy(['service', 'namespace']).orderBy('finished_at', 'desc').orderBy('id'))
    .as('ranked');
  const old: { id: string }[] = await database.select('id').from(ranked).where('age', '>', kept);
  const gone = old.map(row => row.id).filter(id => !told.includes(id));
  await database.transaction(async transaction => {
    for (const id of gone) await transaction('deliveries').where({ id }).delete();
    if (gone.length > 0) await removeUnnamedEvidence(transaction);
  });
}
