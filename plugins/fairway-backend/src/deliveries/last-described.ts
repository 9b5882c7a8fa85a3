import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import { readEvidence } from './evidence-table.ts';
import { serviceEvidence } from './service-facts.ts';

/**
 * Who answers for a service, as its newest delivery says.
 * @returns undefined where nobody is known, and for a name without a namespace that services of several owners have: nobody can say whose it is
 */
export async function ownerOf(database: Knex, service: string, namespace?: string): Promise<string | undefined> {
  const [owner, ...others] = new Set(await ownersOf(database, service, namespace));
  return others.length === 0 ? owner : undefined;
}

/** Who answers for the services of a name, each as its newest delivery says. */
export async function ownersOf(database: Knex, service: string, namespace?: string): Promise<readonly string[]> {
  const described = () => database('deliveries').where({ service }).whereNotNull('owner');
  const namespaces: readonly string[] =
    namespace === undefined ? await described().distinct().pluck('namespace') : [namespace];
  const rows = await Promise.all(
    namespaces.map((its): Promise<{ owner: string } | undefined> =>
      described().where({ namespace: its }).orderBy('finished_at', 'desc').first('owner'),
    ),
  );
  return rows.flatMap(row => row?.owner ?? []);
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
