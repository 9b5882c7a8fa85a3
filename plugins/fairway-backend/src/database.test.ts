import { join } from 'node:path';
import createKnex from 'knex';
import { migrate } from './database.ts';
import { testDatabases } from './testing/test-databases.ts';

const databases = testDatabases();

test.each(databases.eachSupportedId())(
  'replicas that start at the same time make the tables once, on %s',
  async engine => {
    const knex = await databases.init(engine);
    // each replica has connections of its own; SQLite in memory is one connection by nature
    const replicas = engine === 'SQLITE_3' ? [knex] : [1, 2, 3].map(() => createKnex(knex.client.config));
    await Promise.all(replicas.map(migrate));
    await migrate(knex);
    expect(await knex('deliveries').select('id')).toEqual([]);
    // with two rows nobody would get the lock of a later migration
    expect(await knex('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }]);
    if (engine !== 'SQLITE_3') await Promise.all(replicas.map(replica => replica.destroy()));
  },
);

test.each(databases.eachSupportedId())(
  'deliveries of before stay, last heard when they last ended, and a GitHub run’s are its repository’s, on %s',
  async engine => {
    const knex = await databases.init(engine);
    await migrate(knex);
    const directory = join(__dirname, '..', 'migrations');
    for (const name of ['20261126120000_sender.cjs', '20261125140000_heard.cjs'])
      await knex.migrate.down({ directory, name });
    const finished_at = '2026-11-25T09:22:00.000Z';
    const before = {
      ...{ service: 'hello-llm', version: 1, verdict: 'running', reason: '', origin: 'laptop' },
      ...{ started_at: finished_at, finished_at },
    };
    await knex('deliveries').insert([
      { ...before, id: 'laptop' },
      { ...before, id: 'run', repository_id: '1001' },
    ]);
    await migrate(knex);
    expect(await knex('deliveries').select('id', 'heard_at', 'sender').orderBy('id')).toEqual([
      { id: 'laptop', heard_at: finished_at, sender: null },
      { id: 'run', heard_at: finished_at, sender: 'github:1001' },
    ]);
  },
);
