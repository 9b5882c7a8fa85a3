import { resolvePackagePath } from '@backstage/backend-plugin-api';
import createKnex from 'knex';
import { testDatabases } from '../../../../plugins/fairway-backend/src/testing/test-databases.ts';
import { takeTurn } from './take-turn.ts';

const databases = testDatabases();
const directory = resolvePackagePath('@backstage/plugin-catalog-backend', 'migrations');

test.each(databases.eachSupportedId())(
  'replicas that start at the same time migrate a database of Backstage one after the other, on %s',
  async engine => {
    const knex = await databases.init(engine);
    // each replica has connections of its own; SQLite in memory is one connection by nature
    const replicas = engine === 'SQLITE_3' ? [knex] : [1, 2, 3].map(() => createKnex(knex.client.config));
    let starting = 0;
    const most: number[] = [];
    await Promise.all(
      replicas.map(async replica => {
        const hooks: (() => void | Promise<void>)[] = [];
        await takeTurn(replica, 'catalog', { addStartupHook: hook => void hooks.push(hook) });
        most.push(++starting);
        await replica.migrate.latest({ directory });
        starting--;
        for (const hook of hooks) await hook();
      }),
    );
    expect(most).toEqual(replicas.map(() => 1));
    expect(await knex('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }]);
    if (engine !== 'SQLITE_3') await Promise.all(replicas.map(replica => replica.destroy()));
  },
);
