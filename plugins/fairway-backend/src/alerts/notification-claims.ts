import { randomUUID } from 'node:crypto';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import type { Knex } from 'knex';
import { anySource } from './acknowledgements.ts';

type AlertKey = Pick<Alert, 'source' | 'fingerprint' | 'since'>;

interface Row extends AlertKey {
  readonly claim: string;
  readonly claimed_at: string;
  readonly sent_at: string | null;
}

export type Claim =
  /** The caller is the one to send it. */
  | { readonly state: 'ours'; readonly id: string }
  /** Another replica is about to. */
  | { readonly state: 'theirs' }
  | { readonly state: 'sent' };

/** Milliseconds after which a claim of a replica that died in between is free again. */
const validity = 60_000;

/** Which replica sends the notification of an alert. */
export class NotificationClaims {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  async claim({ source, fingerprint, since }: AlertKey, now: Date): Promise<Claim> {
    if (await this.#rows().where({ source: anySource, fingerprint, since }).whereNotNull('sent_at').first())
      return { state: 'sent' };
    const id = randomUUID();
    const row: Row = { source, fingerprint, since, claim: id, claimed_at: now.toISOString(), sent_at: null };
    await this.#rows().insert(row).onConflict(['source', 'fingerprint', 'since']).ignore();
    await this.#rows()
      .where({ source, fingerprint, since, sent_at: null })
      .where('claimed_at', '<', new Date(now.getTime() - validity).toISOString())
      .update({ claim: id, claimed_at: row.claimed_at });
    const stored = await this.#rows().where({ source, fingerprint, since }).first();
    if (stored?.claim === id) return { state: 'ours', id };
    return { state: stored?.sent_at ? 'sent' : 'theirs' };
  }

  async sent(id: string, at: Date): Promise<void> {
    await this.#rows().where({ claim: id }).update({ sent_at: at.toISOString() });
  }

  /** Lets any replica try again. */
  async release(id: string): Promise<void> {
    await this.#rows().where({ claim: id, sent_at: null }).delete();
  }

  /** Forgets those of alerts that are long over. */
  async prune(before: Date, firing: readonly string[]): Promise<void> {
    await this.#rows().where('claimed_at', '<', before.toISOString()).whereNotIn('fingerprint', firing).delete();
  }

  #rows() {
    return this.#database<Row>('alert_notifications');
  }
}
