import { setImmediate as turn } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { DeliveryRow, With } from './row.ts';

export type Described = With<'namespace' | 'owner' | 'engine' | 'model'>;
export type Tested = With<'objectives_verdict' | 'objectives_reason' | 'objectives_at'>;
export type FromRun = With<'project_slug'>;
export type Deployed = With<'cluster'>;
export type Released = With<'released_revision' | 'released_digest' | 'released_at'>;

/** The deliveries that a question is answered from: of each service one, by namespace and name. */
type ByService<Row> = ReadonlyMap<string, Row>;

export interface TellingDeliveries {
  readonly last: ByService<DeliveryRow>;
  readonly described: ByService<Described>;
  readonly released: ByService<Released>;
  readonly tested: ByService<Tested>;
  readonly fromRun: ByService<FromRun>;
  /** Of each service in each cluster, by namespace, name and UID of the cluster. */
  readonly lastThere: ReadonlyMap<string, Deployed>;
  readonly releasedThere: ReadonlyMap<string, Released & Deployed>;
}

/** Chooses of each service, or of each in each cluster, the delivery with the latest `time` among those that have `present`. */
interface Question {
  readonly time: 'finished_at' | 'released_at' | 'objectives_at';
  readonly present: keyof DeliveryRow;
  readonly there?: boolean;
}

const questions: Readonly<Record<keyof TellingDeliveries, Question>> = {
  last: { time: 'finished_at', present: 'id' },
  described: { time: 'finished_at', present: 'owner' },
  released: { time: 'released_at', present: 'released_at' },
  tested: { time: 'objectives_at', present: 'objectives_at' },
  fromRun: { time: 'finished_at', present: 'project_slug' },
  lastThere: { time: 'finished_at', present: 'cluster', there: true },
  releasedThere: { time: 'released_at', present: 'released_at', there: true },
};
const asked = Object.entries(questions) as [keyof TellingDeliveries, Question][];

/** Services that are read at once: SQLite answers on the main thread, where all requests wait. */
const atOnce = 50;

/**
 * The deliveries that services are drawn from: of each service one for each question. They are chosen from all each time, so that
 * no order in which records arrive can leave a wrong one behind.
 * @param only names of services; default: all
 */
export async function tellingDeliveries(database: Knex, only?: readonly string[]): Promise<TellingDeliveries> {
  const names = only ?? (await database('deliveries').distinct().pluck('service'));
  const found = Object.fromEntries(asked.map(([name]) => [name, new Map<string, DeliveryRow>()]));
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce);
    // one delivery answers most questions, and is held once
    const held = new Map<string, DeliveryRow>();
    await Promise.all(
      asked.map(async ([name, question]) => {
        for (const row of await answering(database, some, question)) {
          const known = held.get(row.id) ?? row;
          held.set(row.id, known);
          found[name]?.set(keyOf(row, question), known);
        }
      }),
    );
    await turn();
  }
  return found as unknown as TellingDeliveries;
}

async function answering(
  database: Knex,
  services: readonly string[],
  { time, present, there = false }: Question,
): Promise<readonly DeliveryRow[]> {
  const identity = ['service', 'namespace', ...(there ? ['cluster'] : [])];
  const ranked = database('deliveries')
    .select('*')
    .rowNumber('place', order => order.partitionBy(identity).orderBy(time, 'desc').orderBy('id'))
    .whereNotNull(present)
    .whereIn('service', services);
  const query = database.select('*').from(ranked.as('ranked')).where('place', 1);
  return there ? query.whereNotNull('cluster') : query;
}

function keyOf({ namespace, service, cluster }: DeliveryRow, { there }: Question): string {
  return [namespace, service, ...(there ? [cluster] : [])].join('/');
}
