import { randomBytes } from 'node:crypto';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { GoBack } from '@fairway/backstage-plugin-fairway-common';
import type { ConfigurationError } from '@fairway/service/configuration-error';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { Knex } from 'knex';
import type { ClusterViews } from '../cluster-views.ts';
import { lastServiceFile } from '../deliveries/last-described.ts';
import { codedError } from '../http/coded-error.ts';
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
    const place = { service: `${namespace}/${service}`, cluster };
    const view = this.#clusters.deployments({ service, namespace }).items.find(one => one.cluster === cluster);
    if (!view) throw codedError(NotFoundError, reasonOf('rollback.unseen', place));
    const open = this.#clusters.writable(cluster);
    if (!open || !this.#rollback) throw codedError(ConflictError, reasonOf('rollback.off', { cluster }));
    const { goBack } = view;
    if (goBack?.to !== confirmed.to || !sameSet(goBack.from, confirmed.from))
      throw codedError(
        ConflictError,
        goBack
          ? reasonOf('rollback.changed', { ...place, from: goBack.from.join(', '), to: goBack.to })
          : reasonOf('rollback.noneReady', place),
      );
    try {
      const { revision, from } = await this.#rollback({
        ...{ kubeConfig: open.kubeConfig, context: open.context },
        ...{ namespace, name: service, revision: confirmed.to },
        keep: keptSecondsOf(await lastServiceFile(this.#database, namespace, service)),
        // two clicks are two holders
        holder: `${user} in the portal (${randomBytes(4).toString('hex')})`,
      });
      return { revision, from: [...from] };
    } catch (error) {
      // what the person can do something about
      if (!(error instanceof Error) || error.name !== 'ConfigurationError') throw error;
      const { message, coded } = error as ConfigurationError;
      throw Object.assign(new ConflictError(message), { coded });
    }
  }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every(item => other.includes(item));
}
