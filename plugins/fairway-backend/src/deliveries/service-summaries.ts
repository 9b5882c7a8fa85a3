import { catalogProblems, type ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';
import type { DeliveryRow } from './row.ts';
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
  firing: (service: string) => number | undefined,
): Promise<readonly ServiceSummary[]> {
  const { last, described, released, tested, fromGithub } = await tellingDeliveries(database);
  const now = new Date();
  return [...described]
    .map(([name, row]) => {
      const production = released.get(name);
      const load = tested.get(name);
      const problems = catalogProblems({ owner: row.owner, system: row.system ?? undefined });
      const newest = toldAt(last.get(name) ?? row, now);
      // what runs is what production was told to run; the newest file says who answers for it
      const running: Described = production && isDescribed(production) ? production : row;
      return {
        name,
        namespace: row.namespace,
        owner: row.owner,
        system: row.system ?? undefined,
        engine: running.engine,
        model: running.model,
        url: running.url ?? row.url ?? undefined,
        projectSlug: fromGithub.get(name)?.project_slug,
        production: production && {
          revision: production.released_revision,
          digest: production.released_digest,
          since: production.released_at,
        },
        lastDelivery: { id: newest.id, verdict: newest.verdict, finishedAt: newest.finished_at },
        objectives: load && { verdict: load.objectives_verdict, reason: load.objectives_reason },
        firingAlerts: firing(name),
        problems: problems.length > 0 ? problems : undefined,
      };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
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

/** Who answers for a service, as its newest delivery says. */
export async function ownerOf(database: Knex, service: string): Promise<string | undefined> {
  const row: { owner: string } | undefined = await database('deliveries')
    .where({ service })
    .whereNotNull('owner')
    .orderBy('finished_at', 'desc')
    .first('owner');
  return row?.owner;
}

/** Of each service the delivery with the latest `time` among those that have `present`. */
async function lastWith<Row extends DeliveryRow>(
  database: Knex,
  time: 'finished_at' | 'released_at' | 'objectives_at',
  present: keyof DeliveryRow,
): Promise<ReadonlyMap<string, Row>> {
  const ranked = database('deliveries')
    .select('*')
    .rowNumber('place', order => order.partitionBy('service').orderBy(time, 'desc').orderBy('id'))
    .whereNotNull(present)
    .as('ranked');
  const rows: Row[] = await database.select('*').from(ranked).where('place', 1);
  return new Map(rows.map(row => [row.service, row]));
}
