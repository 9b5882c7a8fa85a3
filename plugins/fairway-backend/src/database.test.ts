import { join } from 'node:path';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import createKnex from 'knex';
import { Acknowledgements } from './alerts/acknowledgements.ts';
import { NotificationClaims } from './alerts/notification-claims.ts';
import { migrate } from './database.ts';
import { ServiceSummaries } from './deliveries/service-summaries.ts';
import { StoredServices } from './deliveries/stored-services.ts';
import { notePresence } from './presence/presence.ts';
import { clusterUid } from './testing/sample-delivery.ts';
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
    for (const name of [
      '20261126160000_watched_clusters.cjs',
      '20261126150000_environment.cjs',
      '20261126130000_alert_sources.cjs',
      '20261126120000_sender.cjs',
      '20261125140000_heard.cjs',
    ])
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

test.each(databases.eachSupportedId())(
  'what was said of alerts before stays, for every source, on %s',
  async engine => {
    const knex = await databases.init(engine);
    await migrate(knex);
    const directory = join(__dirname, '..', 'migrations');
    await knex.migrate.down({ directory, name: '20261126130000_alert_sources.cjs' });
    const key = { fingerprint: 'f1', since: '2026-11-25T09:22:00.000Z' };
    const at = '2026-11-25T09:23:00.000Z';
    await knex('acknowledgements').insert({ ...key, by: 'user:default/ann', at });
    await knex('alert_notifications').insert({ ...key, claim: 'c', claimed_at: at, sent_at: at });
    await migrate(knex);
    const alert = { ...key, source: 'east' };
    expect(await new NotificationClaims(knex).claim(alert, new Date())).toEqual({ state: 'sent' });
    const [joined] = await new Acknowledgements(knex).join([alert as Alert]);
    expect(joined?.acknowledged).toEqual({ by: 'user:default/ann', at });
    await knex.migrate.down({ directory, name: '20261126130000_alert_sources.cjs' });
    expect(await knex('acknowledgements').select()).toEqual([{ ...key, by: 'user:default/ann', at }]);
  },
);

test.each(databases.eachSupportedId())(
  'a service of before names of clusters were stored keeps its place, which gets its name, on %s',
  async engine => {
    const knex = await databases.init(engine);
    await migrate(knex);
    const directory = join(__dirname, '..', 'migrations');
    await knex.migrate.down({ directory, name: '20261126160000_watched_clusters.cjs' });
    expect(await knex.schema.hasTable('watched_clusters')).toBe(false);
    const at = '2026-11-25T09:22:00.000Z';
    await knex('deliveries').insert({
      ...{ id: 'before', service: 'hello-llm', version: 1, verdict: 'pass', reason: '', origin: 'laptop' },
      ...{ started_at: at, finished_at: at, heard_at: at, sender: 'token:all', environment: 'staging' },
      ...{ cluster: clusterUid, namespace: 'hello', owner: 'team-hello', engine: 'vllm', model: 'tiny' },
    });
    await migrate(knex);
    const place = { namespace: 'hello', service: 'hello-llm' };
    const clusterOf = async () =>
      (await new ServiceSummaries(new StoredServices(knex), () => 0).list([])).map(one =>
        one.places.map(p => p.cluster),
      );
    expect(await clusterOf()).toEqual([[clusterUid]]);
    await notePresence(knex, [{ cluster: 'east', uid: clusterUid, live: true, services: [place] }], new Date(at));
    expect(await clusterOf()).toEqual([['east']]);
  },
);
