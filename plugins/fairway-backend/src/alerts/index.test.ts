import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { mockServices } from '@backstage/backend-test-utils';
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { BrokenOffRelease } from '../cluster-views.ts';
import { openDatabase } from '../database.ts';
import { Redaction } from '../redaction.ts';
import { createAlertViews } from './index.ts';
import { AlertmanagerServer, firing } from './testing/alertmanager-server.ts';
import { testDatabases } from '../testing/test-databases.ts';

const databases = testDatabases();
const f1 = { source: 'c0', fingerprint: 'f1' };
const hello = { service: 'hello', namespace: 'hello' };
const ends: (() => void)[] = [];
let brokenOff: BrokenOffRelease[] = [];

afterEach(() => {
  brokenOff = [];
  for (const end of ends.splice(0)) end();
});

async function alertmanagerServer() {
  const server = new AlertmanagerServer();
  ends.push(() => server.stop());
  return { server, url: await server.start() };
}

/** One replica of the backend; what it sends is put into `sent`. */
async function replica(
  urls: readonly (string | undefined)[],
  knex: Knex,
  sent: NotificationSendOptions[],
  more: readonly JsonObject[] = [],
  settings: JsonObject = {},
) {
  const database = mockServices.database({ knex });
  await openDatabase(database);
  const clusters = urls.map((alertmanagerUrl, index) => ({
    name: `c${index}`,
    url: 'https://cluster.example',
    serviceAccountToken: 'token',
    ...(alertmanagerUrl && { alertmanagerUrl }),
    ...more[index],
  }));
  let changes = 0;
  const views = await createAlertViews({
    config: new ConfigReader({ fairway: { clusters, ...settings } }),
    logger: mockServices.logger.mock(),
    redaction: new Redaction([]),
    clusters: { brokenOff: () => brokenOff, present: () => [{ cluster: 'east', live: true, services: [] }] },
    lifecycle: { addStartupHook: () => undefined, addShutdownHook: hook => void ends.push(() => void hook()) },
    scheduler: mockServices.scheduler(),
    notifications: {
      async send(options) {
        sent.push(options);
      },
    },
    database,
    services: async () =>
      new Map([
        ['hello', ['hello']],
        ['elsewhere', ['hello']],
        ['n', ['known', 'unknown', 'other']],
      ]),
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
    const payload = sent.find(one => one.payload.scope === 'fairway:alert:c0:f1')?.payload;
    expect(payload).toMatchObject({ title: 'hello is slow.', severity: 'critical', link: '/fairway/alerts' });
    expect(['hello', 'known', 'unknown', 'other'].map(name => replicas[0]?.views.firing({ service: name }))).toEqual([
      1, 1, 1, 0,
    ]);
  });

  test('acknowledging and silencing', async () => {
    const { server, url } = await alertmanagerServer();
    const elsewhere = firing('f3', { service: 'hello', namespace: 'elsewhere' });
    server.alerts = [firing('f1', hello), firing('f2', { service: 'other' }), elsewhere];
    const { views, changes } = await replica([url], await databases.init(id), []);
    await until(() => changes() > 0);
    const made = await views.acknowledge(f1, 'user:default/ann');
    expect(await views.acknowledge(f1, 'user:default/ben')).toEqual(made);
    expect((await views.list(hello)).items).toMatchObject([
      { fingerprint: 'f1', acknowledged: { by: 'user:default/ann' } },
    ]);
    expect(await views.silence(f1, { minutes: 5, comment: 'known' }, 'user:default/ann')).toEqual({
      silenceId: 's1',
    });
    expect((await views.list(hello)).items).toMatchObject([{ state: 'suppressed', silencedBy: ['s1'] }]);
    expect(server.silences).toMatchObject([{ createdBy: 'user:default/ann', comment: 'known' }]);
    expect([views.firing(hello), views.firing({ service: 'hello' })]).toEqual([0, 1]);
    await expect(views.acknowledge({ ...f1, fingerprint: 'none' }, 'user:default/ann')).rejects.toThrow(
      /No alert with the fingerprint "none"/,
    );
    // one that fires again is another one
    server.alerts = [{ ...firing('f1', { service: 'hello' }), startsAt: '2026-02-02T00:00:00.000Z' }];
    await views.silence({ ...f1, fingerprint: 'f2' }, { minutes: 1, comment: 'reads again' }, 'user:default/ann');
    expect((await views.list({ service: 'hello' })).items[0]?.acknowledged).toBeUndefined();
  });
});

test('an Alertmanager that does not answer, or none at all, never looks like peace', async () => {
  const { server, url } = await alertmanagerServer();
  const ill = await alertmanagerServer();
  ill.server.refuses = 500;
  server.alerts = [firing('f1', { service: 'hello' })];
  const knex = await databases.init('SQLITE_3');
  const { views, changes } = await replica([url, ill.url], knex, []);
  expect((await views.list()).sources.map(({ state }) => state)).toEqual(['connecting', 'connecting']);
  expect(views.firing({ service: 'hello' })).toBeUndefined();
  await until(() => changes() > 0);
  expect(await views.list({ service: 'hello' })).toMatchObject({
    sources: [
      { name: 'c0', clusters: ['c0'], state: 'live' },
      {
        ...{ name: 'c1', state: 'unreachable', message: expect.stringMatching(/alertmanager: .* ended with 500: ill/) },
        coded: { code: 'list.then', parameters: { second: reasonOf('alertmanager.check') } },
      },
    ],
    items: [{ fingerprint: 'f1' }],
  });
  const alone = await replica([ill.url, undefined], knex, []);
  await until(() => alone.changes() > 0);
  expect(await alone.views.list()).toMatchObject({ sources: [{ state: 'unreachable' }], unwatched: ['c1'], items: [] });
  expect(alone.views.firing({ service: 'hello' })).toBeUndefined();
});

test('an alert that is over is among the resolved ones, unless its Alertmanager only fell silent', async () => {
  const [one, two] = [await alertmanagerServer(), await alertmanagerServer()];
  one.server.alerts = [firing('f1', { service: 'hello' })];
  two.server.alerts = [firing('f2', { service: 'hello' })];
  const knex = await databases.init('SQLITE_3');
  const { views } = await replica([one.url, two.url], knex, []);
  await until(async () => (await knex('alert_history')).length === 2);
  one.server.alerts = [];
  two.server.alerts = [];
  two.server.refuses = 500;
  await until(async () => (await views.resolved()).total > 0);
  expect(await views.resolved({ service: 'hello' })).toMatchObject({
    days: 7,
    items: [{ source: 'c0', fingerprint: 'f1', name: 'Slow' }],
    total: 1,
  });
}, 20_000);

test('the same alert of two clusters is two, and each is silenced and acknowledged where it is', async () => {
  const [one, two] = [await alertmanagerServer(), await alertmanagerServer()];
  for (const { server } of [one, two]) server.alerts = [firing('f1', { service: 'hello' })];
  const { views, changes } = await replica([one.url, two.url], await databases.init('SQLITE_3'), []);
  await until(() => changes() > 0);
  const c1 = { source: 'c1', fingerprint: 'f1' };
  expect((await views.list()).items.map(({ source, cluster }) => [source, cluster])).toEqual([
    ['c0', 'c0'],
    ['c1', 'c1'],
  ]);
  await views.acknowledge(c1, 'user:default/ann');
  await views.silence(c1, { minutes: 5, comment: 'known' }, 'user:default/ann');
  expect([one.server.silences.length, two.server.silences.length]).toEqual([0, 1]);
  expect((await views.list()).items).toMatchObject([
    { source: 'c0', state: 'active', acknowledged: undefined },
    { source: 'c1', state: 'suppressed', acknowledged: { by: 'user:default/ann' } },
  ]);
  await expect(views.silence({ ...c1, source: 'c2' }, { minutes: 1, comment: 'x' }, 'u')).rejects.toThrow(/at "c2"/);
});

test('a release that broke off is an alert, told to the owner, acknowledged, and silenced by nobody', async () => {
  const deployment = { cluster: 'east', namespace: 'hello', service: 'known', versions: [] };
  const lease = { holder: 'd1 on runner', since: '2026-11-26T09:00:00Z', renewed: '2026-11-26T09:01:00Z' };
  const broke = { ...lease, released: 'old', candidates: [{ revision: 'new', weight: 25 }] };
  brokenOff = [
    { deployment: { ...deployment, brokenOff: broke, goBack: { from: ['new', 'old'], to: 'old' } }, actions: true },
  ];
  const knex = await databases.init('SQLITE_3');
  const sent: NotificationSendOptions[] = [];
  const { views, changes } = await replica([], knex, sent);
  await until(() => changes() > 0);
  const { items, sources } = await views.list({ service: 'known', namespace: 'hello' });
  expect(sources).toEqual([]);
  expect(items).toMatchObject([
    {
      ...{ cluster: 'east', service: 'known', namespace: 'hello', severity: 'page', since: lease.renewed },
      summary: 'A release of known broke off: new 25 % of the traffic.',
      description: expect.stringContaining('d1 on runner'),
      brokenOff: { ...broke, goBack: { from: ['new', 'old'], to: 'old' }, actions: true },
    },
  ]);
  // nobody else watches, and it is there all the same
  expect([views.firing({ service: 'known' }), views.firing({ service: 'hello' })]).toEqual([1, undefined]);
  await until(() => sent.length > 0);
  expect(sent).toMatchObject([
    { recipients: { entityRef: 'group:default/owners' }, payload: { severity: 'critical' } },
  ]);
  const [alert] = items;
  await views.acknowledge(alert!, 'user:default/ann');
  expect((await views.list()).items[0]?.acknowledged?.by).toBe('user:default/ann');
  await expect(views.silence(alert!, { minutes: 5, comment: 'x' }, 'user:default/ann')).rejects.toThrow(
    /no Alertmanager can silence it/,
  );
  brokenOff = [];
  expect((await views.list()).items).toEqual([]);
  await until(async () => (await views.resolved()).total > 0);
  expect((await views.resolved()).items).toMatchObject([{ name: 'ReleaseBrokeOff', brokenOff: broke }]);
  await expect(views.acknowledge(alert!, 'user:default/ann')).rejects.toThrow(/It may be over/);
});

test('tenants of one Alertmanager are sources of their own, and clusters of one tenant are not', async () => {
  const { server, url } = await alertmanagerServer();
  server.alertsOf.set('team-a', [firing('f1', { service: 'hello', cluster: 'c0' })]);
  server.alertsOf.set('team-b', [firing('f1', { service: 'hello' })]);
  const tenants = ['team-a', 'team-b', 'team-a'].map(tenant => ({ alertmanagerLogin: { tenant } }));
  const knex = await databases.init('SQLITE_3');
  const { views, changes } = await replica([url, url, url], knex, [], tenants);
  await until(() => changes() > 0);
  const { sources, items } = await views.list();
  expect(sources.map(({ clusters }) => clusters)).toEqual([['c0', 'c2'], ['c1']]);
  expect(items.map(({ source, cluster }) => [source, cluster])).toEqual([
    ['c0', 'c0'],
    ['c1', 'c1'],
  ]);
});

test('what a rule of the configuration leaves out is nowhere, and nobody is notified of it', async () => {
  const { server, url } = await alertmanagerServer();
  const watchdog = { ...firing('f1', { owner: 'team-hello' }), labels: { alertname: 'Watchdog', owner: 'team-hello' } };
  server.alerts = [watchdog, firing('f2', { owner: 'team-hello' })];
  const sent: NotificationSendOptions[] = [];
  const settings = { alerts: { ignore: [{ matchers: ['alertname="Watchdog"'] }] } };
  const { views } = await replica([url], await databases.init('SQLITE_3'), sent, [], settings);
  await until(() => sent.length > 0);
  expect((await views.list()).items.map(({ fingerprint }) => fingerprint)).toEqual(['f2']);
  expect(sent.map(({ payload }) => payload.scope)).toEqual(['fairway:alert:c0:f2']);
});
