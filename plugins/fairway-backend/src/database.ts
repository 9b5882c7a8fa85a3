import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseService, resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** Milliseconds in which another replica should have made the tables. */
const patience = 30_000;

/** PostgreSQL: the table is there already; the row is there already. */
const madeByAnother = new Set(['42P07', '23505']);

/** The plugin's database with all tables as this version needs them. Several replicas may start at once. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const client = await database.getClient();
  if (!database.migrations?.skip) await migrate(client);
  return client;
}

/** Runs the migrations that have not run, or waits until another replica has. */
export async function migrate(client: Knex): Promise<void> {
  const directory = resolvePackagePath('@fairway/backstage-plugin-fairway-backend', 'migrations');
  for (const end = Date.now() + patience; ;) {
    try {
      await client.migrate.latest({ directory });
      return;
    } catch (error) {
      if (!isRace(error) || Date.now() > end) throw error;
      await sleep(100 + 400 * Math.random());
    }
  }
}

/** knex holds a lock while it migrates, but not while it makes the table of this lock. */
function isRace(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'MigrationLocked' || (code !== undefined && madeByAnother.has(code));
}
