import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Pool, PoolClient } from 'pg';
import type { Usage } from './access-line.ts';
import { migrations, schemaName } from './schema.ts';

export interface Stored {
  readonly added: number;
  /** Rows that were there already, or are older than the retention. */
  readonly known: number;
}

/** Any number that no other program of this database uses for its advisory locks. */
const partitionsLock = 7_230_418_556_001;
const rowsAtOnce = 1000;

const day = (at: string) => at.slice(0, 10);

/** The beginning of the oldest day that is stored, by the database's clock: rows before it are neither added nor left. */
const oldestKept = `((date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(days => $1::int)) AT TIME ZONE 'UTC')`;

/**
 * Adds rows and counts those that are new into the sums of their day, in one statement, so in one transaction: rows that come again, after a
 * crash at any point, change neither.
 */
const add = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS row(
      id uuid, at timestamptz, request_id text, subject text, namespace text, service text, owner text, operation text, version text,
      model text, prompt_tokens bigint, completion_tokens bigint, counted_by text, ttft_ms bigint, duration_ms bigint, status integer, flags text, cache text)
    WHERE at >= ${oldestKept}
  ), added AS (
    INSERT INTO ledger.usage AS stored (
      id, at, request_id, subject, namespace, service, owner, operation, version,
      model, prompt_tokens, completion_tokens, counted_by, ttft_ms, duration_ms, status, flags, cache)
    SELECT * FROM given ON CONFLICT (at, id) DO NOTHING RETURNING stored.*
  ), summed AS (
    INSERT INTO ledger.usage_daily AS sum
    SELECT (at AT TIME ZONE 'UTC')::date, owner, namespace, service, coalesce(model, ''), coalesce(version, ''), subject, coalesce(cache, ''),
      count(*), count(*) FILTER (WHERE status >= 400), count(*) FILTER (WHERE counted_by = 'usage'),
      coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), count(ttft_ms), coalesce(sum(ttft_ms), 0), sum(duration_ms)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    -- one order for everybody, or two readers would wait for each other
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (day, owner, namespace, service, model, version, subject, cache) DO UPDATE SET
      requests = sum.requests + excluded.requests, failed = sum.failed + excluded.failed, counted = sum.counted + excluded.counted,
      prompt_tokens = sum.prompt_tokens + excluded.prompt_tokens, completion_tokens = sum.completion_tokens + excluded.completion_tokens,
      streams = sum.streams + excluded.streams, ttft_ms = sum.ttft_ms + excluded.ttft_ms, duration_ms = sum.duration_ms + excluded.duration_ms
  )
  SELECT count(*)::int AS added FROM added`;

/** The ledger's tables in PostgreSQL 13 or newer. */
export class Store {
  readonly #pool: Pool;
  readonly #retentionDays: number;
  /** Days whose partition is there. */
  #days = new Set<string>();

  constructor(pool: Pool, retentionDays: number) {
    this.#pool = pool;
    this.#retentionDays = retentionDays;
  }

  /** Brings the tables to the version that this program writes. Programs that start together wait for each other. */
  async migrate(): Promise<void> {
    const migrator = new Migrator({
      db: new Kysely({ dialect: new PostgresDialect({ pool: this.#pool }) }),
      provider: migrations,
      migrationTableSchema: schemaName,
    });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  }

  async add(rows: readonly Usage[]): Promise<Stored> {
    let added = 0;
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const some = rows.slice(from, from + rowsAtOnce);
      try {
        await this.#makeDays(some);
        const { rows: answer } = await this.#pool.query<{ added: number }>(add, [
          this.#retentionDays,
          JSON.stringify(some),
        ]);
        added += answer[0]!.added;
      } catch (error) {
        // a partition that somebody removed is made again when the rows come again
        this.#days = new Set();
        throw error;
      }
    }
    return { added, known: rows.length - added };
  }

  /**
   * Removes the days that are older than the retention.
   * @returns their names
   */
  async removeOldDays(): Promise<readonly string[]> {
    return this.#alone(async client => {
      // whoever reads a day for long must not hold up everybody behind this
      await client.query(`SET LOCAL lock_timeout = '5s'`);
      const { rows } = await client.query<{ name: string }>(
        `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = 'ledger.usage'::regclass AND relname ~ '^usage_\\d{4}_\\d\\d_\\d\\d$'
           AND to_date(right(relname, 10), 'YYYY_MM_DD') < (${oldestKept} AT TIME ZONE 'UTC')::date`,
        [this.#retentionDays],
      );
      for (const { name } of rows) await client.query(`DROP TABLE ledger."${name}"`);
      return rows.map(({ name }) => name);
    });
  }

  async #makeDays(rows: readonly Usage[]): Promise<void> {
    const missing = [...new Set(rows.map(row => day(row.at)))].filter(one => !this.#days.has(one));
    if (missing.length === 0) return;
    await this.#alone(async client => {
      for (const one of missing) {
        // the form of the day was checked when the line was read
        await client.query(
          `DO $$ BEGIN IF '${one}T00:00Z'::timestamptz >= ${oldestKept.replace('$1', String(this.#retentionDays))} THEN
             CREATE TABLE IF NOT EXISTS ledger."usage_${one.replaceAll('-', '_')}" PARTITION OF ledger.usage
               FOR VALUES FROM ('${one}T00:00Z') TO (timestamptz '${one}T00:00Z' + interval '24 hours');
           END IF; END $$`,
        );
      }
    });
    for (const one of missing) this.#days.add(one);
  }

  /** In a transaction in which no other program makes or removes days. */
  async #alone<Result>(action: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [partitionsLock]);
      const result = await action(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // with the connection goes the transaction
      client.release(true);
      throw error;
    }
  }
}
