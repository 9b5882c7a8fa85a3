import type { Knex } from 'knex';
import type { DeliveryRow, With } from './row.ts';

export type Described = With<'namespace' | 'owner' | 'engine' | 'model'>;
export type Tested = With<'objectives_verdict' | 'objectives_reason' | 'objectives_at'>;
export type FromGithub = With<'project_slug'>;
export type Deployed = With<'cluster'>;
export type Released = With<'released_revision' | 'released_digest' | 'released_at'>;

/** The deliveries that a question is answered from: of each service one, by namespace and name. */
type ByService<Row> = ReadonlyMap<string, Row>;

export interface TellingDeliveries {
  readonly last: ByService<DeliveryRow>;
  readonly described: ByService<Described>;
  readonly released: ByService<Released>;
  readonly tested: ByService<Tested>;
  readonly fromGithub: ByService<FromGithub>;
  /** Of each service in each cluster, by namespace, name and UID of the cluster. */
  readonly lastThere: ReadonlyMap<string, Deployed>;
  readonly releasedThere: ReadonlyMap<string, Released & Deployed>;
}

/**
 * The deliveries that services are drawn from: of each service one for each question. They are chosen from all each time, so that
 * no order in which records arrive can leave a wrong one behind.
 * @param only names of services; default: all
 */
export async function tellingDeliveries(database: Knex, only?: readonly string[]): Promise<TellingDeliveries> {
  const [last, described, released, tested, fromGithub, lastThere, releasedThere] = await Promise.all([
    lastWith<DeliveryRow>(database, only, 'finished_at', 'id'),
    lastWith<Described>(database, only, 'finished_at', 'owner'),
    lastWith<Released>(database, only, 'released_at', 'released_at'),
    lastWith<Tested>(database, only, 'objectives_at', 'objectives_at'),
    lastWith<FromGithub>(database, only, 'finished_at', 'project_slug'),
    lastWith<Deployed>(database, only, 'finished_at', 'cluster', true),
    lastWith<Released & Deployed>(database, only, 'released_at', 'released_at', true),
  ]);
  return { last, described, released, tested, fromGithub, lastThere, releasedThere };
}

/**
 * By namespace and name: of each service the delivery with the latest `time` among those that have `present`.
 * @param there of each service in each cluster, by namespace, name and UID of the cluster
 */
async function lastWith<Row extends DeliveryRow>(
  database: Knex,
  only: readonly string[] | undefined,
  time: 'finished_at' | 'released_at' | 'objectives_at',
  present: keyof DeliveryRow,
  there = false,
): Promise<ReadonlyMap<string, Row>> {
  const identity = ['service', 'namespace', ...(there ? ['cluster'] : [])];
  const ranked = database('deliveries')
    .select('*')
    .rowNumber('place', order => order.partitionBy(identity).orderBy(time, 'desc').orderBy('id'))
    .whereNotNull(present);
  if (only) ranked.whereIn('service', only);
  const query = database.select('*').from(ranked.as('ranked')).where('place', 1);
  const rows: Row[] = await (there ? query.whereNotNull('cluster') : query);
  return new Map(rows.map(row => [[row.namespace, row.service, ...(there ? [row.cluster] : [])].join('/'), row]));
}
