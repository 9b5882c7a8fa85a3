import { catalogProblems, type DeploymentView, type ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';
import type { AlertViews } from '../alert-views.ts';
import { goneSince, type PresenceRow } from '../presence/presence.ts';
import { readEvidence } from './evidence-table.ts';
import { servingIn } from './production.ts';
import type { DeliveryRow } from './row.ts';
import { serviceEvidence } from './service-facts.ts';
import { toldAt } from './silence.ts';

/** Rows in which the columns of one question are filled. */
type With<Column extends keyof DeliveryRow> = DeliveryRow & { [Name in Column]: NonNullable<DeliveryRow[Name]> };
type Described = With<'namespace' | 'owner' | 'engine' | 'model'>;
type Released = With<'released_revision' | 'released_digest' | 'released_at'>;
type Tested = With<'objectives_verdict' | 'objectives_reason' | 'objectives_at'>;

/**
 * All services of which a delivery got so far as to read fairway.yaml, by name.
 * They are drawn from the deliveries each time, so that no order in which records arrive can leave a wrong one behind.
 */
export async function serviceSummaries(
  database: Knex,
  firing: AlertViews['firing'],
  deployments: readonly DeploymentView[],
): Promise<readonly ServiceSummary[]> {
  const { last, described, released, tested, fromGithub } = await tellingDeliveries(database);
  const seen: PresenceRow[] = await database('service_presence');
  const now = new Date();
  return [...described]
    .map(([key, row]) => {
      const { service: name, namespace } = row;
      const views = deployments.filter(view => view.service === name && view.namespace === namespace);
      const serving = views.flatMap(view => servingIn(view) ?? []);
      const places = seen.filter(one => one.service === name && one.namespace === namespace);
      const decommissionedAt = views.length === 0 ? goneSince(places, now) : undefined;
      const production = released.get(key);
      const load = tested.get(key);
      const problems = catalogProblems({ owner: row.owner, system: row.system ?? undefined });
      const newest = toldAt(last.get(key) ?? row, now);
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
        state: stateOf(serving.length, views.length, decommissionedAt),
        serving,
        decommissionedAt,
        released: production && {
          revision: production.released_revision,
          digest: production.released_digest,
          since: production.released_at,
        },
        lastDelivery: { id: newest.id, verdict: newest.verdict, finishedAt: newest.finished_at },
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

function stateOf(serving: number, running: number, decommissionedAt: string | undefined): ServiceSummary['state'] {
  if (serving > 0) return 'serving';
  if (running > 0) return 'not-serving';
  return decommissionedAt === undefined ? 'unknown' : 'decommissioned';
}

/** The deliveries that the summaries are drawn from: of each service one for each question. */
export async function tellingDeliveries(database: Knex) {
  const [last, described, released, tested, fromGithub] = await Promise.all([
    lastWith<DeliveryRow>(database, 'finished_at', 'id'),
    lastWith<Described>(database, 'finished_at', 'owner'),
    lastWith<Released>(database, 'released_at', 'released_at'),
    lastWith<Tested>(database, 'objectives_at', 'objectives_at'),
    lastWith<With<'project_slug'>>(database, 'finished_at', 'project_slug'),
  ]);
  return { last, described, released, tested, fromGithub };
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

/** By namespace and name: of each service the delivery with the latest `time` among those that have `present`. */
async function lastWith<Row extends DeliveryRow>(
  database: Knex,
  time: 'finished_at' | 'released_at' | 'objectives_at',
  present: keyof DeliveryRow,
): Promise<ReadonlyMap<string, Row>> {
  const ranked = database('deliveries')
    .select('*')
    .rowNumber('place', order => order.partitionBy(['service', 'namespace']).orderBy(time, 'desc').orderBy('id'))
    .whereNotNull(present)
    .as('ranked');
  const rows: Row[] = await database.select('*').from(ranked).where('place', 1);
  return new Map(rows.map(row => [`${row.namespace}/${row.service}`, row]));
}
