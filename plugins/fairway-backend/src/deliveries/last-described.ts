import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import { readEvidence } from './evidence-table.ts';
import { serviceEvidence } from './service-facts.ts';

/** Who answers for a service, as its newest delivery says; without a namespace for the newest of its name. */
export async function ownerOf(database: Knex, service: string, namespace?: string): Promise<string | undefined> {
  const row: { owner: string } | undefined = await database('deliveries')
    .where({ service, ...(namespace !== undefined && { namespace }) })
    .whereNotNull('owner')
    .orderBy('finished_at', 'desc')
    .first('owner');
  return row?.owner;
}

/** Text of the service as the newest delivery that read fairway.yaml sent it; undefined where there is none. */
export async function lastServiceFile(database: Knex, namespace: string, service: string): Promise<string | undefined> {
  const row: { record: string } | undefined = await database('deliveries')
    .join('delivery_records', 'delivery_records.id', 'deliveries.id')
    .where({ service, namespace })
    .whereNotNull('owner')
    .orderBy('finished_at', 'desc')
    .first('delivery_records.record');
  const digest = row && serviceEvidence(JSON.parse(row.record) as DeliveryRecord);
  return digest === undefined ? undefined : readEvidence(database, digest);
}
