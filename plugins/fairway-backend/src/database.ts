import { type DatabaseService, resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** The plugin's database with all tables as this version needs them. Several replicas may do it at once: knex holds a lock. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const client = await database.getClient();
  if (!database.migrations?.skip) {
    await client.migrate.latest({
      directory: resolvePackagePath('@fairway/backstage-plugin-fairway-backend', 'migrations'),
    });
  }
  return client;
}
