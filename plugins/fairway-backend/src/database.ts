import { type DatabaseService, resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** The plugin's database with all tables as this version needs them. Several replicas may start at once. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const client = await database.getClient();
  if (!database.migrations?.skip) await migrate(client);
  return client;
}

/** Runs the migrations that have not run; waits while another replica does. */
export async function migrate(client: Knex): Promise<void> {
  const directory = resolvePackagePath('@fairway/backstage-plugin-fairway-backend', 'migrations');
  if (client.client.config.client !== 'pg') {
    // SQLite is one replica's alone
    await client.migrate.latest({ directory });
    return;
  }
  // knex has a lock of its own, a row in a table. Replicas that make it at the same time can leave two rows, and then no
  // replica ever gets it; this lock is there before any table is, and goes with the connection of the one that holds it.
  await client.transaction(async transaction => {
    await transaction.raw("select pg_advisory_xact_lock(hashtext('fairway migrations'))");
    // a table whose triggers still wait for the end of the transaction cannot be altered
    await transaction.raw('set constraints all immediate');
    await transaction.migrate.latest({ directory });
  });
}
