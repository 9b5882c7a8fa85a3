/**
 * Two teams in one portal with Backstage's own sign-in, permissions, catalog, search, signals and notifications, under the
 * portal's own policy. Whoever owns one service finds nothing of the other, whatever they ask.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceFactory } from '@backstage/backend-defaults/alpha';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { userInfoServiceFactory } from '@backstage/backend-defaults/userInfo';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import catalogModuleFairway from '@fairway/backstage-plugin-catalog-backend-module-fairway';
import { operations, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import request from 'supertest';
import permissionModule from '../../../packages/backend/src/permissions/permission-module.ts';
import { createAlertViews } from '../../../plugins/fairway-backend/src/alerts/index.ts';
import { AlertmanagerServer, firing } from '../../../plugins/fairway-backend/src/alerts/testing/alertmanager-server.ts';
import { createFairwayPlugin } from '../../../plugins/fairway-backend/src/plugin.ts';
import { sampleDelivery } from '../../../plugins/fairway-backend/src/testing/sample-delivery.ts';
import { within } from '../../within.ts';
import { memoryDatabases } from './memory-databases.ts';
import { signInAs, tokenOf } from './sign-in.ts';
import { clusterOfTwoTeams, logStoreOfTwoTeams, teams } from './two-teams.ts';

/** Nobody of team A may read it anywhere. */
const secret = /secret/;
const hour = 3_600_000;
const sender = 'token-of-the-command-lines';
const people = {
  ann: ['group:default/team-a'],
  bob: ['group:default/team-b'],
  rea: ['group:default/readers'],
  opa: ['group:default/operators'],
  eve: [],
};
const deliveries = {
  a: sampleDelivery({ id: 'delivery-a', service: teams.a, owner: 'team-a' }),
  b: sampleDelivery({ id: 'delivery-b', service: teams.b, owner: 'team-b' }),
};
/** Evidence that the delivery of each team alone names: what prepare read. */
const evidenceOf = ({ record }: (typeof deliveries)['a']) => record.stages.prepare?.evidence[0]?.digest ?? '';

const databases = memoryDatabases();
const alertmanager = new AlertmanagerServer();
const folder = mkdtempSync(join(tmpdir(), 'fairway-rights-'));
let server: Parameters<typeof request>[0];
let address: string;
let logs: Awaited<ReturnType<typeof logStoreOfTwoTeams>>;
const tokens = new Map<string, string>();

const plugin = (imported: Promise<unknown>) => imported as Promise<{ default: BackendFeature }>;

beforeAll(async () => {
  logs = await logStoreOfTwoTeams();
  alertmanager.alerts = Object.entries(teams).map(([team, service]) =>
    firing(`alert-${team}`, { service, namespace: service }),
  );
  writeFileSync(
    join(folder, 'people.yaml'),
    Object.entries(people)
      .map(([name, groups]) =>
        [
          ...['apiVersion: backstage.io/v1alpha1', 'kind: User', `metadata: { name: ${name} }`],
          `spec: { memberOf: ${JSON.stringify(groups)} }`,
        ].join('\n'),
      )
      .join('\n---\n'),
  );
  const clusters = [
    {
      ...{ name: 'east', url: 'https://cluster.example', serviceAccountToken: 'token' },
      ...{ alertmanagerUrl: await alertmanager.start(), logsUrl: logs.url },
    },
  ];
  const backend = await startTestBackend({
    features: [
      ...[authServiceFactory, httpAuthServiceFactory, permissionsServiceFactory, userInfoServiceFactory],
      ...[actionsRegistryServiceFactory, databases.factory, eventsServiceFactory, schedulerServiceFactory],
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://127.0.0.1:7007' },
          backend: {
            baseUrl: 'http://127.0.0.1:7007',
            auth: {
              externalAccess: [{ type: 'static', options: { token: sender, subject: 'sender' } }],
            },
          },
          auth: { providers: { test: {} } },
          permission: { enabled: true },
          events: { useEventBus: 'never' },
          catalog: {
            locations: [{ type: 'file', target: join(folder, 'people.yaml'), rules: [{ allow: ['User'] }] }],
            rules: [{ allow: ['API', 'Component', 'Group', 'Location', 'System'] }],
            processingInterval: { seconds: 5 },
          },
          search: {
            collators: {
              catalog: {
                schedule: { frequency: { seconds: 2 }, timeout: { seconds: 30 }, initialDelay: { seconds: 1 } },
              },
            },
          },
          fairway: {
            senders: [{ subject: 'sender', owners: ['*'] }],
            permissions: {
              readers: ['group:default/readers'],
              operators: ['group:default/operators'],
              owners: ['group:default/team-a', 'group:default/team-b'],
            },
            clusters,
          },
        },
      }),
      plugin(import('@backstage/plugin-auth-backend')),
      signInAs(people),
      plugin(import('@backstage/plugin-catalog-backend')),
      catalogModuleFairway,
      plugin(import('@backstage/plugin-notifications-backend')),
      plugin(import('@backstage/plugin-permission-backend')),
      permissionModule,
      plugin(import('@backstage/plugin-search-backend')),
      plugin(import('@backstage/plugin-search-backend-module-catalog')),
      plugin(import('@backstage/plugin-signals-backend')),
      createFairwayPlugin({ createClusterViews: () => clusterOfTwoTeams, createAlertViews }),
    ],
  });
  server = backend.server;
  address = `http://127.0.0.1:${backend.server.port()}`;
  for (const ingest of Object.values(deliveries)) await post('/fairway/deliveries', sender, ingest).expect(200);
  for (const name of Object.keys(people)) tokens.set(name, await tokenOf(server, name));
});

afterAll(async () => {
  logs.stop();
  alertmanager.stop();
  rmSync(folder, { recursive: true });
  // the catalog's loops end after their last query
  await new Promise(resolve => setTimeout(resolve, 500));
  await databases.close();
});

const token = (name: string) => tokens.get(name) ?? '';

function get(path: string, bearer: string) {
  return request(server).get(`/api${path}`).set('authorization', `Bearer ${bearer}`);
}

function post(path: string, bearer: string, body: object) {
  return request(server).post(`/api${path}`).set('authorization', `Bearer ${bearer}`).send(body);
}

const eventually = within(60);

/** Every operation that reads, of the service, delivery and evidence of a team. */
function reads(team: 'a' | 'b'): string[] {
  const service = teams[team];
  const values: Readonly<Record<string, string>> = {
    ...{ service, namespace: service, id: `delivery-${team}`, digest: evidenceOf(deliveries[team]) },
  };
  return Object.entries(operations).flatMap(([name, { method, path }]) => {
    if (method !== 'get') return [];
    const filled = path.replaceAll(/:(\w+)/g, (_found, key: string) => values[key] ?? '');
    return [`/fairway${filled}${name === 'logs' ? `?namespace=${service}` : ''}`];
  });
}

test('of the other team nothing is in any answer of the API', async () => {
  // an alert that was asked for before its service was delivered is nobody's until the next look
  for (const name of ['ann', 'bob'])
    await eventually(async () => expect((await get('/fairway/alerts', token(name))).body.items).toHaveLength(1));
  const own: Record<string, string> = {};
  for (const path of [...reads('a'), ...reads('b')]) {
    const { status, text } = await get(path, token('ann'));
    // what was asked for is named again in what is not found
    const said = status === 404 ? text.replaceAll(teams.b, '') : text;
    expect([path, said.match(secret)?.index]).toEqual([path, undefined]);
    own[path] = `${status} ${text.includes(teams.a)}`;
  }
  // the same questions of the own service are answered
  const answered = reads('a').filter(path => !/comparisons|resolved|trend|usage|indicators|evidence|models/.test(path));
  expect(answered.map(path => [path, own[path]])).toEqual(answered.map(path => [path, '200 true']));
  // what would be there for those who may see everything
  for (const name of ['rea', 'opa'])
    for (const path of reads('b').filter(one => !/comparisons|resolved|trend|usage|indicators|models/.test(one)))
      expect([path, (await get(path, token(name))).text.match(secret)?.[0]]).toEqual([path, 'secret']);
});

test('numbers of the fleet stay, and whoever may not be seen is one nameless holder', async () => {
  const { body: fleet } = await get('/fairway/capacity/fleet', token('ann'));
  expect(fleet.holders).toEqual([{ namespace: '' }, { namespace: teams.a, service: teams.a, owner: 'team-a' }]);
  expect(fleet.pools[0].byHolder).toEqual([
    { holder: 0, count: 4, idle: 0 },
    { holder: 1, count: 2, idle: 0 },
  ]);
  const { body: capacity } = await get('/fairway/capacity', token('ann'));
  expect(capacity.pools[0]).toMatchObject({ requested: 6, free: 2, waitingTotal: 2 });
  expect(capacity.pools[0].waiting).toHaveLength(1);
});

test('lines of a request that do not name the own service are not shown', async () => {
  const asked = (service: string) => `/fairway/services/${service}/logs?requestId=r1&namespace=${service}`;
  const { body } = await get(asked(teams.a), token('ann'));
  expect(body.items.map(({ message }: { message: string }) => message)).toEqual([`${teams.a} answered`]);
  expect((await get(asked(teams.b), token('ann'))).status).toBe(404);
  expect((await get(asked(teams.a), token('rea'))).body.items).toHaveLength(3);
  expect((await get(`/fairway/services/${teams.a}/logs`, token('ann'))).status).toBe(400);
});

/** Every operation that changes something of a team's service. */
function acts(team: 'a' | 'b'): [path: string, body: object][] {
  const service = teams[team];
  return [
    [`/fairway/alerts/east/alert-${team}/acknowledge`, {}],
    [`/fairway/alerts/east/alert-${team}/silence`, { minutes: 5, comment: 'known' }],
    [`/fairway/clusters/east/services/${service}/${service}/rollback`, { to: 'adb99f1d', from: ['bbbbbbbb'] }],
    ...['pause', 'resume', 'promote', 'abort'].map((verb): [string, object] => [
      `/fairway/clusters/east/services/${service}/${service}/release/${verb}`,
      { candidate: 'adb99f1d' },
    ]),
    [`/fairway/deliveries/delivery-${team}/again`, {}],
    [`/fairway/services/${service}/${service}/remove`, {}],
    [`/fairway/services/${service}/${service}/try`, { question: 'Hello?' }],
  ];
}

test('nobody changes a service of another team, and owners change their own', async () => {
  const answers = async (name: string, team: 'a' | 'b') => {
    const found: number[] = [];
    for (const [path, body] of acts(team)) found.push((await post(path, token(name), body)).status);
    return found;
  };
  // an alert that one may not see is one that does not fire
  expect(await answers('ann', 'b')).toEqual([404, 404, 403, 403, 403, 403, 403, 404, 403, 404]);
  expect(alertmanager.silences).toEqual([]);
  for (const name of ['rea', 'eve']) expect(await answers(name, 'b')).toEqual(Array(10).fill(403));
  // let in: the portal only looks at the cluster, the delivery came from a terminal, and what was removed is not found
  expect(await answers('bob', 'b')).toEqual([200, 200, 409, 409, 409, 409, 409, 409, 200, 404]);
  // what was removed is there again with its next delivery
  await post('/fairway/deliveries', sender, deliveries.b).expect(200);
});

test('agents read with the rights of their user, and are offered nothing that changes something', async () => {
  const { body: offered } = await get('/fairway/.backstage/actions/v1/actions', token('ann'));
  const ids = offered.actions.map(({ id }: { id: string }) => id);
  expect(ids).toEqual(['services', 'service-state', 'deliveries', 'alerts'].map(name => expect.stringContaining(name)));
  for (const { attributes } of offered.actions)
    expect(attributes).toMatchObject({ readOnly: true, destructive: false });
  const ask = (name: string, id: string, team: 'a' | 'b') =>
    post(`/fairway/.backstage/actions/v1/actions/${id}/invoke`, token(name), {
      ...{ service: teams[team], namespace: teams[team] },
    });
  for (const id of ids.slice(1)) {
    expect([id, (await ask('ann', id, 'a')).text]).toEqual([id, expect.stringContaining(teams.a)]);
    const denied = await ask('ann', id, 'b');
    expect([id, denied.status === 404 ? '' : denied.text]).toEqual([id, expect.not.stringMatching(secret)]);
    expect([id, (await ask('rea', id, 'b')).text]).toEqual([id, expect.stringMatching(secret)]);
    expect([id, (await ask('eve', id, 'a')).status]).toEqual([id, 403]);
  }
  const services = `/fairway/.backstage/actions/v1/actions/${ids[0]}/invoke`;
  const { body } = await post(services, token('ann'), {});
  expect(body.output.services).toEqual([
    expect.objectContaining({ name: teams.a, owner: 'team-a', engine: 'llamacpp' }),
  ]);
  expect((await post(services, token('rea'), { owner: 'group:default/team-b' })).text).toMatch(secret);
});

test('whoever has no role gets nothing at all', async () => {
  for (const path of [...reads('a'), ...reads('b')])
    expect([path, (await get(path, token('eve'))).status]).toEqual([path, 403]);
});

test('a permission is asked for by service, and the portal knows the owner better than who asks', async () => {
  const allowed = async (name: string, resourceRef: string, permission = 'fairway.delivery.start') => {
    const item = {
      ...{ id: '1', resourceRef },
      permission: {
        type: 'resource',
        name: permission,
        attributes: { action: 'create' },
        resourceType: 'fairway-service',
      },
    };
    const { body } = await post('/permission/authorize', token(name), { items: [item] }).expect(200);
    return body.items[0].result;
  };
  const b = { namespace: teams.b, service: teams.b };
  expect(await allowed('bob', serviceResourceRef(b))).toBe('ALLOW');
  expect(await allowed('ann', serviceResourceRef(b))).toBe('DENY');
  expect(await allowed('ann', serviceResourceRef({ ...b, owner: 'team-a' }))).toBe('DENY');
  // a service that nobody delivered yet is that of the owner in its file
  expect(await allowed('ann', serviceResourceRef({ namespace: 'new', service: 'new', owner: 'team-a' }))).toBe('ALLOW');
  expect(await allowed('bob', serviceResourceRef({ namespace: 'new', service: 'new', owner: 'team-a' }))).toBe('DENY');
  expect(await allowed('bob', 'no reference')).toBe('DENY');
});

test('the catalog has the own service and not the other', async () => {
  const entities = async (name: string) =>
    (await get('/catalog/entities?fields=kind,metadata.name', token(name))).body.map(
      ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind} ${metadata.name}`,
    );
  await eventually(async () => {
    expect(await entities('bob')).toEqual(expect.arrayContaining([`Component ${teams.b}`, `API ${teams.b}`]));
    expect(await entities('ann')).toEqual(expect.arrayContaining([`Component ${teams.a}`, `API ${teams.a}`]));
  });
  expect((await entities('ann')).join(' ')).not.toMatch(secret);
  // what a team owns stands in the relations of its group, too
  await eventually(async () => {
    const own = (await get('/catalog/entities/by-name/group/default/team-b', token('bob'))).text;
    expect(own).toContain(`component:default/${teams.b}`);
  });
  expect(await entities('ann')).toEqual(expect.arrayContaining(['Group team-a', 'User ann']));
  for (const path of ['entities', 'entities/by-query', 'entity-facets?facet=relations.ownerOf'])
    expect([path, (await get(`/catalog/${path}`, token('ann'))).text]).toEqual([
      path,
      expect.not.stringMatching(secret),
    ]);
  expect((await get('/catalog/entities/by-name/group/default/team-b', token('ann'))).status).toBe(404);
  expect((await get(`/catalog/entities/by-name/component/default/${teams.b}`, token('ann'))).status).toBe(404);
  const refs = { entityRefs: [`component:default/${teams.b}`] };
  expect((await post('/catalog/entities/by-refs', token('ann'), refs)).body.items).toEqual([null]);
  const facets = await get('/catalog/entity-facets?facet=metadata.name', token('ann'));
  expect(facets.text).not.toMatch(secret);
  expect(await entities('eve')).toEqual([]);
});

test('the search finds the own service and not the other', async () => {
  const found = async (name: string, term: string) =>
    (await get(`/search/query?term=${term}`, token(name)).expect(200)).body.results.map(
      ({ document }: { document: { title: string } }) => document.title,
    );
  await eventually(async () => expect(await found('bob', teams.b)).toContain(teams.b));
  await eventually(async () => expect(await found('ann', teams.a)).toContain(teams.a));
  expect((await found('ann', teams.b)).join(' ')).not.toMatch(secret);
  expect((await found('ann', 'secret')).join(' ')).not.toMatch(secret);
});

test('a signal says that something changed, and not of which service', async () => {
  const heard: string[] = [];
  // the first connection only wakes Backstage's own handler up, and is never answered; its client tries again, too
  const sockets: WebSocket[] = [];
  const connect = async () => {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/api/signals`, token('ann'));
    sockets.push(socket);
    socket.onmessage = ({ data }) => heard.push(String(data));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      setTimeout(() => reject(new Error('The signals do not answer.')), 2000);
    });
    socket.send(JSON.stringify({ action: 'subscribe', channel: 'fairway' }));
  };
  await eventually(connect);
  try {
    await eventually(async () => {
      const other = {
        id: 'delivery-b2',
        service: teams.b,
        owner: 'team-b',
        begun: new Date(Date.now() - hour).toISOString(),
      };
      await post('/fairway/deliveries', sender, sampleDelivery(other)).expect(200);
      const messages = heard.map(text => JSON.parse(text));
      expect(messages).toContainEqual({ channel: 'fairway', message: { changed: 'deliveries' } });
    });
  } finally {
    for (const socket of sockets) socket.close();
  }
  expect(heard.join(' ')).not.toMatch(secret);
});

test('the owners of a service alone are notified of its alerts', async () => {
  const titles = async (name: string) =>
    (await get('/notifications', token(name))).body.notifications.map(
      ({ payload }: { payload: { title: string } }) => payload.title,
    );
  // who is in a group, the catalog knows only now
  const later = Object.values(teams).map(service =>
    firing(`later-${service}`, { service, namespace: service, owner: 'team-a' }),
  );
  alertmanager.alerts = [...alertmanager.alerts, ...later];
  await eventually(async () => expect(await titles('bob')).toContain(`${teams.b} is slow.`));
  await eventually(async () => expect(await titles('ann')).toContain(`${teams.a} is slow.`));
  expect((await titles('ann')).join(' ')).not.toMatch(secret);
  expect(await titles('eve')).toEqual([]);
});
