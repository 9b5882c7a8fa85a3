import {
  catalogProblems,
  type DeploymentView,
  type ServicePlace,
  type ServiceSummary,
} from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import type { AlertViews } from '../alert-views.ts';
import { clusterNames, goneSince, type PresenceRow } from '../presence/presence.ts';
import { readEvidence } from './evidence-table.ts';
import type { DeliveryRow, With } from './row.ts';
import { serviceEvidence } from './service-facts.ts';
import { type Deployed, lastDeliveryOf, type Released, releaseOf, servicePlaces } from './service-places.ts';

type Described = With<'namespace' | 'owner' | 'engine' | 'model'>;
type Tested = With<'objectives_verdict' | 'objectives_reason' | 'objectives_at'>;

/** One service, or those that were ever delivered with one of these owners as fairway.yaml had it. */
export type OnlyServices =
  { readonly namespace: string; readonly service: string } | { readonly owners: readonly string[] };

function narrow<Query extends Knex.QueryBuilder>(query: Query, database: Knex, only: OnlyServices | undefined): Query {
  if (only === undefined) return query;
  if ('service' in only) query.where({ namespace: only.namespace, service: only.service });
  else
    query.whereIn(
      ['namespace', 'service'],
      database('deliveries')
        .select('namespace', 'service')
        .whereIn('owner', [...only.owners]),
    );
  return query;
}

/**
 * All services of which a delivery got so far as to read fairway.yaml, by name.
 * They are drawn from the deliveries each time, so that no order in which records arrive can leave a wrong one behind.
 * @param only default: all
 */
export async function serviceSummaries(
  database: Knex,
  firing: AlertViews['firing'],
  deployments: readonly DeploymentView[],
  only?: OnlyServices,
): Promise<readonly ServiceSummary[]> {
  const [deliveries, seen, names] = await Promise.all([
    tellingDeliveries(database, only),
    narrow(database<PresenceRow>('service_presence').select(), database, only),
    clusterNames(database),
  ]);
  const { last, described, released, tested, fromGithub } = deliveries;
  const placesOf = servicePlaces({ ...deliveries, names, seen, deployments, firing });
  const now = new Date();
  return [...described]
    .map(([key, row]) => {
      const { service: name, namespace } = row;
      const places = placesOf(row, now);
      const runs = places.some(({ state }) => state === 'serving' || state === 'not-serving');
      const own = seen.filter(one => one.service === name && one.namespace === namespace);
      const decommissionedAt = runs ? undefined : goneSince(own, now);
      const production = released.get(key);
      const load = tested.get(key);
      const problems = catalogProblems({ owner: row.owner, system: row.system ?? undefined });
      // what runs is what production was told to run; the newest file says who answers for it
      const running: Described = production && isDescribed(production) ? production : row;
      return {
        name,
        namespace,
        owner: row.owner,
        system: row.system ?? undefined,
        engine: running.engine,
        model: running.model,
        url: running.url ?? row.url ?? undefined,
        projectSlug: fromGithub.get(key)?.project_slug,
        state: stateOf(places, decommissionedAt),
        places: [...places],
        decommissionedAt,
        released: production && releaseOf(production),
        lastDelivery: lastDeliveryOf(last.get(key) ?? row, now),
        objectives: load && { verdict: load.objectives_verdict, reason: load.objectives_reason },
        firingAlerts: firing({ service: name, namespace }),
        problems: problems.length > 0 ? problems : undefined,
      };
    })
    .sort((one, other) => {
      const [ours, theirs] = [one, other].map(({ name, namespace }) => `${name} ${namespace}`) as [string, string];
      return ours < theirs ? -1 : 1;
    });
}

function stateOf(places: readonly ServicePlace[], decommissionedAt: string | undefined): ServiceSummary['state'] {
  const found = (['serving', 'not-serving'] as const).find(state => places.some(place => place.state === state));
  return found ?? (decommissionedAt === undefined ? 'unknown' : 'decommissioned');
}

/** The deliveries that the summaries are drawn from: of each service one for each question. */
export async function tellingDeliveries(database: Knex, only?: OnlyServices) {
  const [last, described, released, tested, fromGithub, lastThere, releasedThere] = await Promise.all([
    lastWith<DeliveryRow>(database, only, 'finished_at', 'id'),
    lastWith<Described>(database, only, 'finished_at', 'owner'),
    lastWith<Released>(database, only, 'released_at', 'released_at'),
    lastWith<Tested>(database, only, 'objectives_at', 'objectives_at'),
    lastWith<With<'project_slug'>>(database, only, 'finished_at', 'project_slug'),
    lastWith<Deployed>(database, only, 'finished_at', 'cluster', true),
    lastWith<Released & Deployed>(database, only, 'released_at', 'released_at', true),
  ]);
  return { last, described, released, tested, fromGithub, lastThere, releasedThere };
}

function isDescribed(row: DeliveryRow): row is Described {
  return row.owner !== null;
}

/** Who answers for a service, as its newest delivery says; without a namespace for the newest of its name. */
export async function ownerOf(database: Knex, service: string, namespace?: string): Promise<string | undefined> {
  const row: { owner: string } | undefined = await database('deliveries')
    .where({ service, ...(namespace !== undefined && { namespace }) })
    .whereNotNull('owner')
    .orderBy('finished_at', 'desc')
    .first('owner');
  return row?.owner;
}

/** By namespace/name who answers for each service, as its newest delivery says. */
export async function ownersOf(database: Knex): Promise<ReadonlyMap<string, string>> {
  const described = await lastWith<Described>(database, undefined, 'finished_at', 'owner');
  return new Map([...described].map(([key, { owner }]) => [key, owner]));
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

/**
 * By namespace and name: of each service the delivery with the latest `time` among those that have `present`.
 * @param there of each service in each cluster, by namespace, name and UID of the cluster
 */
async function lastWith<Row extends DeliveryRow>(
  database: Knex,
  only: OnlyServices | undefined,
  time: 'finished_at' | 'released_at' | 'objectives_at',
  present: keyof DeliveryRow,
  there = false,
): Promise<ReadonlyMap<string, Row>> {
  const identity = ['service', 'namespace', ...(there ? ['cluster'] : [])];
  const ranked = database('deliveries')
    .select('*')
    .rowNumber('place', order => order.partitionBy(identity).orderBy(time, 'desc').orderBy('id'))
    .whereNotNull(present);
  const query = database
    .select('*')
    .from(narrow(ranked, database, only).as('ranked'))
    .where('place', 1);
  const rows: Row[] = await (there ? query.whereNotNull('cluster') : query);
  return new Map(rows.map(row => [[row.namespace, row.service, ...(there ? [row.cluster] : [])].join('/'), row]));
}
