import type { Alert, ResolvedAlert } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';
import { resourceOfAlert, type Scope } from '../access/scope.ts';
import type { OneService } from '../cluster-views.ts';
import type { Acknowledgements } from './acknowledgements.ts';

interface Row {
  readonly source: string;
  readonly fingerprint: string;
  readonly since: string;
  readonly service: string | null;
  readonly namespace: string | null;
  readonly cluster: string | null;
  /** JSON of the `Alert` as it was first read. */
  readonly alert: string;
  readonly ended_at: string | null;
}

interface Ended {
  readonly alert: Alert;
  readonly endedAt: string;
}

/** Days for which an alert that is over is shown. */
export const shownDays = 7;
const day = 24 * 60 * 60 * 1000;
/** A rule that fires and ends all the time must not fill the database. */
const mostRows = 10_000;
/** Of one answer. */
const mostShown = 100;

/** The alerts that fired, and when they ended. Replicas write the same rows: who comes second changes nothing. */
export class AlertHistory {
  readonly #database: Knex;
  readonly #acknowledgements: Acknowledgements;
  /** What fires, as far as this replica has written or read it. */
  #open: Map<string, Row> | undefined;

  constructor(database: Knex, acknowledgements: Acknowledgements) {
    this.#database = database;
    this.#acknowledgements = acknowledgements;
  }

  /**
   * Notes what fires now, and that what fired before and is not among it ended.
   * @param speaks whether who raised an alert was heard, since silence is no end
   * @returns whether something changed
   */
  async note(
    alerts: readonly Alert[],
    speaks: (alert: { readonly source: string; readonly cluster: string | null }) => boolean,
    now: Date,
  ): Promise<boolean> {
    const open = (this.#open ??= new Map(
      (await this.#rows().whereNull('ended_at')).map(row => [keyOf(row), row] as const),
    ));
    const firing = new Set(alerts.map(keyOf));
    const begun = alerts.filter(alert => !open.has(keyOf(alert)));
    const ended = [...open].filter(([key, row]) => !firing.has(key) && speaks(row));
    for (const alert of begun) {
      const row = rowOf(alert);
      await this.#rows().insert(row).onConflict(['source', 'fingerprint', 'since']).merge({ ended_at: null });
      open.set(keyOf(alert), row);
    }
    for (const [key, { source, fingerprint, since }] of ended) {
      await this.#rows()
        .where({ source, fingerprint, since })
        .whereNull('ended_at')
        .update({ ended_at: now.toISOString() });
      open.delete(key);
    }
    return begun.length + ended.length > 0;
  }

  /** Those that are over, the last one first. One that names no namespace or cluster may be of any. */
  async resolved(
    { service, namespace, cluster }: OneService,
    now: Date,
    seen?: Scope,
  ): Promise<{ items: ResolvedAlert[]; total: number }> {
    const found = () => {
      const query = this.#rows().where('ended_at', '>=', new Date(now.getTime() - shownDays * day).toISOString());
      if (service !== undefined) query.where({ service });
      for (const [column, value] of Object.entries({ namespace, cluster }))
        if (value !== undefined) query.where(either => either.whereNull(column).orWhere(column, value));
      return query;
    };
    const sorted = () => found().orderBy('ended_at', 'desc').orderBy('fingerprint').select('alert', 'ended_at');
    if (!seen || seen.all) {
      const [rows, counted] = await Promise.all([sorted().limit(mostShown), found().count({ total: '*' }).first()]);
      return { items: await this.#shown(rows.map(parsed)), total: Number(counted?.total ?? 0) };
    }
    // whose an alert is, the database does not know
    const own = (await sorted()).map(parsed).filter(({ alert }) => seen.may(resourceOfAlert(alert)));
    return { items: await this.#shown(own.slice(0, mostShown)), total: own.length };
  }

  async #shown(ended: readonly Ended[]): Promise<ResolvedAlert[]> {
    const alerts = await this.#acknowledgements.join(ended.map(({ alert }) => alert));
    return alerts.map(({ state: _state, silencedBy: _silencedBy, ...alert }, place) => ({
      ...alert,
      endedAt: ended[place]?.endedAt ?? '',
    }));
  }

  /**
   * Forgets what is no longer shown.
   * @param sources all that there are: what fired at another one has no end any more
   */
  async prune(sources: readonly string[], now: Date): Promise<void> {
    await this.#rows()
      .where('ended_at', '<', new Date(now.getTime() - shownDays * day).toISOString())
      .delete();
    await this.#rows()
      .whereNull('ended_at')
      .whereNotIn('source', [...sources])
      .delete();
    const last = await this.#rows().whereNotNull('ended_at').orderBy('ended_at', 'desc').offset(mostRows).first();
    if (last) await this.#rows().where('ended_at', '<=', last.ended_at).delete();
  }

  #rows() {
    return this.#database<Row>('alert_history');
  }
}

function rowOf(alert: Alert): Row {
  const { source, fingerprint, since, service = null, namespace = null, cluster = null } = alert;
  return { source, fingerprint, since, service, namespace, cluster, alert: JSON.stringify(alert), ended_at: null };
}

function parsed({ alert, ended_at }: Pick<Row, 'alert' | 'ended_at'>): Ended {
  return { alert: JSON.parse(alert) as Alert, endedAt: ended_at ?? '' };
}

function keyOf({ source, fingerprint, since }: Pick<Row, 'source' | 'fingerprint' | 'since'>): string {
  return JSON.stringify([source, fingerprint, since]);
}
