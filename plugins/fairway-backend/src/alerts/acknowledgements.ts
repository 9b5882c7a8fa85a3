import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';

export type Acknowledgement = NonNullable<Alert['acknowledged']>;

type AlertKey = Pick<Alert, 'source' | 'fingerprint' | 'since'>;

interface Row extends AlertKey, Acknowledgement {}

/** Source of the rows that were written before sources were stored. */
export const anySource = '';

/** Who said that they work on an alert. It ends with the alert: one that fires again is another one. */
export class Acknowledgements {
  readonly #database: Knex;
  /** An alert of which nothing new was said is the same object as before. */
  readonly #joined = new WeakMap<Alert, Alert>();

  constructor(database: Knex) {
    this.#database = database;
  }

  /** The first who says so stays. */
  async add({ source, fingerprint, since }: AlertKey, by: string, at: Date): Promise<Acknowledgement> {
    const row: Row = { source, fingerprint, since, by, at: at.toISOString() };
    await this.#rows().insert(row).onConflict(['source', 'fingerprint', 'since']).ignore();
    const stored = await this.#rows().where({ source, fingerprint, since }).first();
    return { by: stored?.by ?? row.by, at: stored?.at ?? row.at };
  }

  /** The alerts with what is known of each. */
  async join(alerts: readonly Alert[]): Promise<readonly Alert[]> {
    if (alerts.length === 0) return alerts;
    const rows = await this.#rows().whereIn(
      'fingerprint',
      alerts.map(alert => alert.fingerprint),
    );
    const keyOf = ({ source, fingerprint, since }: AlertKey) => JSON.stringify([source, fingerprint, since]);
    const known = new Map(rows.map(row => [keyOf(row), { by: row.by, at: row.at }]));
    return alerts.map(alert => {
      const acknowledged = known.get(keyOf(alert)) ?? known.get(keyOf({ ...alert, source: anySource }));
      const before = this.#joined.get(alert);
      if (before && isDeepStrictEqual(before.acknowledged, acknowledged)) return before;
      const joined = { ...alert, acknowledged };
      this.#joined.set(alert, joined);
      return joined;
    });
  }

  /** Forgets those of alerts that are long over. */
  async prune(before: Date, firing: readonly string[]): Promise<void> {
    await this.#rows().where('at', '<', before.toISOString()).whereNotIn('fingerprint', firing).delete();
  }

  #rows() {
    return this.#database<Row>('acknowledgements');
  }
}
