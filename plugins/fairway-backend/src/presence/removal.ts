import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { ClusterViews } from '../cluster-views.ts';
import { removeUnnamedEvidence } from '../deliveries/evidence-table.ts';

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
  const present = clusters.present().filter(({ cluster }) => only === undefined || cluster === only);
  if (only !== undefined && present.length === 0) {
    throw new ConflictError(
      `Whether ${namespace}/${service} still runs on ${only} is not known: the portal does not watch that cluster. Nothing was removed.`,
    );
  }
  const silent = present.filter(({ live }) => !live).map(({ cluster }) => cluster);
  if (silent.length > 0) {
    throw new ConflictError(
      `Whether ${namespace}/${service} still runs is not known: ${silent.join(', ')} cannot be read. Nothing was removed; try again when every cluster is watched.`,
    );
  }
  const running = present
    .filter(({ services }) => services.some(one => one.namespace === namespace && one.service === service))
    .map(({ cluster }) => cluster);
  if (running.length > 0) {
    throw new ConflictError(
      `${namespace}/${service} has objects in ${running.join(', ')}. Delete them there first; nothing was removed.`,
    );
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
      throw new NotFoundError(`The portal knows no service ${namespace}/${service}${only ? ` on ${only}` : ''}.`);
    await removeUnnamedEvidence(transaction);
    return removed;
  });
}
