import { ConflictError, NotFoundError } from '@backstage/errors';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { Knex } from 'knex';
import type { ClusterViews } from '../cluster-views.ts';
import { removeUnheldEvidence } from '../deliveries/evidence-table.ts';
import { codedError } from '../http/coded-error.ts';

interface Removed {
  readonly namespace: string;
  readonly service: string;
  /** Default: wherever it was. */
  readonly cluster?: string;
}

/**
 * Forgets a service whose objects are gone, or that it was in one cluster: its deliveries, their evidence and measurements.
 * @returns how many deliveries there were
 * @throws ConflictError while a cluster has it, or cannot say
 * @throws NotFoundError
 */
export async function removeService(
  database: Knex,
  clusters: ClusterViews,
  { namespace, service, cluster: only }: Removed,
): Promise<number> {
  const name = `${namespace}/${service}`;
  const present = clusters.present().filter(({ cluster }) => only === undefined || cluster === only);
  if (only !== undefined && present.length === 0) {
    throw codedError(ConflictError, reasonOf('removal.unwatched', { service: name, cluster: only }));
  }
  const silent = present.filter(({ live }) => !live).map(({ cluster }) => cluster);
  if (silent.length > 0) {
    throw codedError(ConflictError, reasonOf('removal.silent', { service: name, clusters: silent.join(', ') }));
  }
  const running = present
    .filter(({ services }) => services.some(one => one.namespace === namespace && one.service === service))
    .map(({ cluster }) => cluster);
  if (running.length > 0) {
    throw codedError(ConflictError, reasonOf('removal.running', { service: name, clusters: running.join(', ') }));
  }
  return database.transaction(async transaction => {
    const deliveries = transaction('deliveries').where({ namespace, service });
    const seen = transaction('service_presence').where({ namespace, service });
    if (only !== undefined) {
      deliveries.whereIn('cluster', transaction('watched_clusters').where({ name: only }).select('uid'));
      seen.where({ cluster: only });
    }
    const removed = await deliveries.delete();
    const forgotten = await seen.delete();
    if (removed + forgotten === 0)
      throw codedError(
        NotFoundError,
        only === undefined
          ? reasonOf('removal.unknown', { service: name })
          : reasonOf('removal.unknownThere', { service: name, cluster: only }),
      );
    await removeUnheldEvidence(transaction);
    return removed;
  });
}
