import type { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { ClusterViews, PresentServices } from '../cluster-views.ts';

/** Milliseconds after which what is gone is taken for gone for good: objects are also made again. */
const patience = 10 * 60_000;

export interface PresenceRow {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  /** RFC 3339; null while the cluster has it. */
  readonly gone_since: string | null;
}

/** Notes each minute which services the watched clusters have. */
export async function followPresence(
  scheduler: SchedulerService,
  database: Knex,
  clusters: ClusterViews,
): Promise<void> {
  await scheduler.scheduleTask({
    id: 'fairway-service-presence',
    frequency: { minutes: 1 },
    timeout: { minutes: 1 },
    fn: () => notePresence(database, clusters.present(), new Date()),
  });
}

/** Names a cluster as soon as it can be read: until then the pages could only show the UID by which records name it. */
export class ClusterNaming {
  readonly #database: Knex;
  readonly #logger: LoggerService;
  readonly #named: () => void;
  readonly #known = new Set<string>();
  #clusters: Pick<ClusterViews, 'present'> | undefined;

  /** @param named called once the name of a cluster is stored */
  constructor(database: Knex, logger: LoggerService, named: () => void) {
    this.#database = database;
    this.#logger = logger;
    this.#named = named;
  }

  watch(clusters: Pick<ClusterViews, 'present'>): void {
    this.#clusters = clusters;
    void this.changed();
  }

  /** To be called after each change of what the clusters have. */
  async changed(): Promise<void> {
    for (const one of this.#clusters?.present() ?? []) {
      if (one.uid === undefined || this.#known.has(one.uid) || !one.live) continue;
      this.#known.add(one.uid);
      try {
        await notePresence(this.#database, [one], new Date());
        this.#named();
      } catch (error) {
        // the task of the next minute notes it again
        this.#logger.warn(`The name of the cluster ${one.cluster} could not be stored: ${(error as Error).message}`);
      }
    }
  }
}

/** UID of each cluster that is or was watched → its name in the portal. */
export async function clusterNames(database: Knex): Promise<ReadonlyMap<string, string>> {
  const rows: { name: string; uid: string }[] = await database('watched_clusters').orderBy('name', 'desc');
  return new Map(rows.map(({ name, uid }) => [uid, name]));
}

/** A cluster that is not live says nothing: what was known of it stays. */
export async function notePresence(database: Knex, clusters: readonly PresentServices[], now: Date): Promise<void> {
  await database.transaction(async transaction => {
    for (const { cluster, uid, live, services } of clusters) {
      if (!live) continue;
      if (uid !== undefined && !(await transaction('watched_clusters').where({ name: cluster, uid }).first()))
        await transaction('watched_clusters').insert({ name: cluster, uid }).onConflict('name').merge();
      const known: PresenceRow[] = await transaction('service_presence').where({ cluster });
      const present = new Set(services.map(keyOf));
      for (const row of known.filter(one => one.gone_since === null && !present.has(keyOf(one))))
        await transaction('service_presence').where(placeOf(row)).update({ gone_since: now.toISOString() });
      const there = new Set(known.filter(one => one.gone_since === null).map(keyOf));
      for (const { namespace, service } of services.filter(one => !there.has(keyOf(one))))
        await transaction('service_presence')
          .insert({ cluster, namespace, service, gone_since: null })
          .onConflict(['cluster', 'namespace', 'service'])
          .merge();
    }
  });
}

/** Since when a service is gone for good from every cluster that had it; undefined while it is not, or was never seen. */
export function goneSince(rows: readonly PresenceRow[], now: Date): string | undefined {
  const gone = rows.flatMap(row => row.gone_since ?? []).toSorted();
  const last = gone.at(-1);
  if (last === undefined || gone.length < rows.length) return undefined;
  return now.getTime() - Date.parse(last) >= patience ? last : undefined;
}

/** Milliseconds since 1970 until which the row says what it says now; infinite when time alone changes nothing. */
export function goneUntil({ gone_since }: PresenceRow, now: Date): number {
  const until = gone_since === null ? 0 : Date.parse(gone_since) + patience;
  return now.getTime() < until ? until : Infinity;
}

function keyOf({ namespace, service }: Pick<PresenceRow, 'namespace' | 'service'>): string {
  return `${namespace}/${service}`;
}

function placeOf({ cluster, namespace, service }: PresenceRow) {
  return { cluster, namespace, service };
}
