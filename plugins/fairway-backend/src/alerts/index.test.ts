import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import { openDatabase } from '../database.ts';
import { createAlertViews } from './index.ts';
import { AlertmanagerServer, firing } from './testing/alertmanager-server.ts';
import { testDatabases } from '../testing/test-databases.ts';

const databases = testDatabases();
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function alertmanagerServer() {
  const server = new AlertmanagerServer();
  ends.push(() => server.stop());
  return { server, url: await server.start() };
}

/** One replica of the backend; what it sends is put into `sent`. */
async function replica(urls: readonly string[], knex: Knex, sent: NotificationSendOptions[]) {
  const database = mockServices.database({ knex });
  await openDatabase(database);
  const clusters = urls.map((alertmanagerUrl, index) => ({
    name: `c${index}`,
    url: 'https://cluster.example',
    serviceAccountToken: 'token',
    alertmanagerUrl,
  }));
  let changes = 0;
  const views = await createAlertViews({
    config: new ConfigReader({ fairway: { clusters } }),
    logger: mockServices.logger.mock(),
    lifecycle: { addStartupHook: () => undefined, addShutdownHook: hook => void ends.push(() => void hook()) },
    scheduler: mockServices.scheduler(),
    notifications: {
      async send(options) {
        sent.push(options);
      },
    },
    database,
    ownerOf: async service => (service === 'known' ? 'group:default/owners' : undefined),
    changed: () => (changes += 1),
  });
  return { views, changes: () => changes };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(resolve => setTimeout(resolve, 20));
}

describe.each(databases.eachSupportedId())('on %s', id => {
  test('a new alert is told to its owner once, however many replicas there are', async () => {
    const { server, url } = await alertmanagerServer();
    server.alerts = [
      firing('f1', { service: 'hello', owner: 'team-hello' }),
      firing('f2', { service: 'known' }),
      firing('f3', { service: 'unknown' }),
      { ...firing('f4', { owner: 'team-hello' }), status: { state: 'suppressed', silencedBy: ['s'], inhibitedBy: [] } },
    ];
    const knex = await databases.init(id);
    const sent: NotificationSendOptions[] = [];
    const replicas = [await replica([url], knex, sent), await replica([url], knex, sent)];
    await until(() => replicas.every(one => one.changes() > 0));
    await until(async () => (await knex('alert_notifications').whereNotNull('sent_at')).length === 2);
    expect(sent.map(one => one.recipients).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      { type: 'entity', entityRef: 'group:default/owners' },
      { type: 'entity', entityRef: 'group:default/team-hello' },
    ]);
    const payload = sent.find(one => one.payload.scope === 'fairway:alert:f1')?.payload;
    expect(payload).toMatchObject({ title: 'hello is slow.', severity: 'critical', link: '/fairway/alerts' });
    expect(Object.fromEntries(replicas[0]?.views.firing() ?? [])).toEqual({ hello: 1, known: 1, unknown: 1 });
  });

  test('acknowledging and silencing', async () => {
    const { server, url } = await alertmanagerServer();
    server.alerts = [firing('f1', { service: 'hello' }), firing('f2', { service: 'other' })];
    const { views, changes } = await replica([url], await databases.init(id), []);
    await until(() => changes() > 0);
    const made = await views.acknowledge('f1', 'user:default/ann');
    expect(await views.acknowledge('f1', 'user:default/ben')).toEqual(made);
    expect(await views.list('hello')).toMatchObject([{ fingerprint: 'f1', acknowledged: { by: 'user:default/ann' } }]);
    expect(await views.silence('f1', { minutes: 5, comment: 'known' }, 'user:default/ann')).toEqual({
      silenceId: 's1',
    });
    expect(await views.list('hello')).toMatchObject([{ state: 'suppressed', silencedBy: ['s1'] }]);
    expect(server.silences).toMatchObject([{ createdBy: 'user:default/ann', comment: 'known' }]);
    expect(views.firing().has('hello')).toBe(false);
    await expect(views.acknowledge('none', 'user:default/ann')).rejects.toThrow(/No alert with the fingerprint "none"/);
    // one that fires again is another one
    server.alerts = [{ ...firing('f1', { service: 'hello' }), startsAt: '2026-02-02T00:00:00.000Z' }];
    await views.silence('f2', { minutes: 1, comment: 'reads again' }, 'user:default/ann');
    expect((await views.list('hello'))[0]?.acknowledged).toBeUndefined();
  });
});

test('an Alertmanager that does not answer never looks like peace', async () => {
  const { server, url } = await alertmanagerServer();
  const ill = await alertmanagerServer();
  ill.server.refuses = 500;
  server.alerts = [firing('f1', { service: 'hello' })];
  const knex = await databases.init('SQLITE_3');
  const { views, changes } = await replica([url, ill.url], knex, []);
  await until(() => changes() > 0);
  expect(await views.list('hello')).toMatchObject([
    { name: 'FairwayAlertsUnknown', description: expect.stringMatching(/alertmanager: .* ended with 500: ill/) },
    { fingerprint: 'f1' },
  ]);
  const alone = await replica([ill.url], knex, []);
  await until(() => alone.changes() > 0);
  await expect(alone.views.list()).rejects.toThrow(/ended with 500: ill/);
});
