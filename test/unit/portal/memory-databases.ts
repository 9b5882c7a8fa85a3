import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import createKnex, { type Knex } from 'knex';

/** A database in memory for each plugin, closed when the test says so: Backstage leaves its own open, and the process with them. */
export function memoryDatabases() {
  const opened: Knex[] = [];
  return {
    factory: createServiceFactory({
      service: coreServices.database,
      deps: {},
      factory: () => {
        const knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
        opened.push(knex);
        return { getClient: async () => knex };
      },
    }),
    close: () => Promise.all(opened.map(knex => knex.destroy())),
  };
}
