import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { ClusterViews } from '../cluster-views.ts';
import { removeUnnamedEvidence } from '../deliveries/evidence-table.ts';

/**
 * Forgets a service whose objects are gone: its deliveries, their evidence and measurements.
 * @returns how many deliveries there were
 * @throws ConflictError while a cluster has it, or cannot say
 * @throws NotFoundError
 */
export async function removeService(
  database: Knex,
  clusters: ClusterViews,
  { namespace, service }: { readonly namespace: string; readonly service: string },
): Promise<number> {
  const present = clusters.present();
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
    const removed = await transaction('deliveries').where({ namespace, service }).delete();
    const seen = await transaction('service_presence').where({ namespace, service }).delete();
    if (removed + seen === 0) throw new NotFoundError(`The portal knows no service ${namespace}/${service}.`);
    await removeUnnamedEvidence(transaction);
    return removed;
  });
}
