import type { Benchmark } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import { readEvidence } from '../deliveries/evidence-table.ts';
import type { ServiceFacts } from '../deliveries/service-facts.ts';
import { benchmarkOfDelivery, loadEvidence } from './benchmark-of-delivery.ts';
import { billEvidence, engineVersion } from './engine-version.ts';

/** Keeps the measurement of a delivery in step with its record: one when its load test holds the figures, else none. */
export async function writeBenchmark(
  transaction: Knex.Transaction,
  record: DeliveryRecord,
  facts: ServiceFacts | undefined,
): Promise<void> {
  const benchmark = facts && (await measured(transaction, record, facts));
  if (benchmark) {
    await transaction('benchmarks')
      .insert({ delivery: record.id, benchmark: JSON.stringify(benchmark) })
      .onConflict('delivery')
      .merge();
  } else {
    await transaction('benchmarks').where({ delivery: record.id }).delete();
  }
}

/** All measurements of deliveries. */
export async function readBenchmarks(database: Knex): Promise<readonly Benchmark[]> {
  const rows: { benchmark: string }[] = await database('benchmarks').orderBy('delivery').select('benchmark');
  return rows.map(row => JSON.parse(row.benchmark) as Benchmark);
}

async function measured(transaction: Knex.Transaction, record: DeliveryRecord, facts: ServiceFacts) {
  const load = await contentOf(transaction, loadEvidence(record));
  if (load === undefined) return undefined;
  const bill = await contentOf(transaction, billEvidence(record));
  const version = bill === undefined ? undefined : engineVersion(facts.engine.name, bill);
  return benchmarkOfDelivery(record, facts, load, version);
}

async function contentOf(transaction: Knex.Transaction, digest: string | undefined): Promise<string | undefined> {
  return digest === undefined ? undefined : readEvidence(transaction, digest);
}
