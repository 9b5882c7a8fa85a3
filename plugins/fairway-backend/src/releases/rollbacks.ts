import { randomBytes } from 'node:crypto';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { GoBack } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';
import type { ClusterViews } from '../cluster-views.ts';
import { lastServiceFile } from '../deliveries/last-described.ts';
import { keptSecondsOf } from './kept-seconds.ts';
import type { Rollback } from './rollback-extension.ts';

export interface OnePlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
}

/** Moves traffic back where the portal may. */
export class Rollbacks {
  readonly #clusters: ClusterViews;
  readonly #database: Knex;
  readonly #rollback: Rollback | undefined;

  constructor(clusters: ClusterViews, database: Knex, rollback: Rollback | undefined) {
    this.#clusters = clusters;
    this.#database = database;
    this.#rollback = rollback;
  }

  /**
   * @param confirmed what the person was shown
   * @param user entity reference of that person
   * @throws NotFoundError, ConflictError; nothing was moved then
   */
  async run({ cluster, namespace, service }: OnePlace, confirmed: GoBack, user: string) {
    const place = `${namespace}/${service} on ${cluster}`;
    const view = this.#clusters.deployments({ service, namespace }).items.find(one => one.cluster === cluster);
    if (!view) throw new NotFoundError(`The portal sees no version of ${place}.`);
    const open = this.#clusters.writable(cluster);
    if (!open || !this.#rollback)
      throw new ConflictError(
        `This portal does not move traffic on ${cluster}. Its operator switches that on with actions: true of the cluster in fairway.clusters and the role kubernetes/actions-role.yaml; until then run fairway rollback.`,
      );
    const { goBack } = view;
    if (goBack?.to !== confirmed.to || !sameSet(goBack.from, confirmed.from))
      throw new ConflictError(
        `${place} is no longer as you saw it: ${goBack ? `it would now go from ${goBack.from.join(', ')} to ${goBack.to}` : 'there is no ready version to go back to'}. Nothing was moved; look again.`,
      );
    try {
      const { revision, from } = await this.#rollback({
        cluster: open,
        ...{ namespace, name: service, revision: confirmed.to },
        keep: keptSecondsOf(await lastServiceFile(this.#database, namespace, service)),
        // two clicks are two holders
        holder: `${user} in the portal (${randomBytes(4).toString('hex')})`,
      });
      return { revision, from: [...from] };
    } catch (error) {
      // what the person can do something about
      if (error instanceof Error && error.name === 'ConfigurationError') throw new ConflictError(error.message);
      throw error;
    }
  }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every(item => other.includes(item));
}
