import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/** The PostgreSQL schema of everything that is the ledger's. */
export const schemaName = 'ledger';

/**
 * `usage` has a row a request, in partitions of a day (UTC) that go when they are older than the retention. `usage_daily` has the sums that
 * questions are answered from and stays. The columns of its key are empty rather than null, which a unique key would take for different.
 */
const first: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql`
      CREATE TABLE ledger.usage (
        id uuid NOT NULL,
        at timestamptz NOT NULL,
        request_id text NOT NULL,
        subject text NOT NULL,
        namespace text NOT NULL,
        service text NOT NULL,
        owner text NOT NULL,
        operation text NOT NULL,
        version text,
        model text,
        prompt_tokens bigint,
        completion_tokens bigint,
        counted_by text,
        ttft_ms bigint,
        duration_ms bigint NOT NULL,
        status integer NOT NULL,
        flags text,
        cache text,
        PRIMARY KEY (at, id)
      ) PARTITION BY RANGE (at)`.execute(database);
    await sql`CREATE INDEX usage_request_id ON ledger.usage (request_id)`.execute(database);
    await sql`
      CREATE TABLE ledger.usage_daily (
        day date NOT NULL,
        owner text NOT NULL,
        namespace text NOT NULL,
        service text NOT NULL,
        model text NOT NULL,
        version text NOT NULL,
        subject text NOT NULL,
        cache text NOT NULL,
        requests bigint NOT NULL,
        failed bigint NOT NULL,
        counted bigint NOT NULL,
        prompt_tokens bigint NOT NULL,
        completion_tokens bigint NOT NULL,
        streams bigint NOT NULL,
        ttft_ms bigint NOT NULL,
        duration_ms bigint NOT NULL,
        PRIMARY KEY (day, owner, namespace, service, model, version, subject, cache)
      )`.execute(database);
    await sql`COMMENT ON COLUMN ledger.usage_daily.failed IS 'requests with a status of 400 or more'`.execute(database);
    await sql`COMMENT ON COLUMN ledger.usage_daily.counted IS 'requests whose tokens the engine counted'`.execute(
      database,
    );
    await sql`COMMENT ON COLUMN ledger.usage_daily.streams IS 'requests with a time to first token; ttft_ms is their sum'`.execute(
      database,
    );
  },
};

/** In the order of their names; one that was released is never changed. */
export const migrations: MigrationProvider = { getMigrations: async () => ({ '0001-usage': first }) };
