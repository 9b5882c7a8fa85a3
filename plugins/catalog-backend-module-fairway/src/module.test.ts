import type { BackendFeature } from '@backstage/backend-plugin-api';
import { TestDatabases, mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import request from 'supertest';
import { within } from '../../../test/within.ts';
import catalogModuleFairway from './index.ts';
import {
  asked,
  fairwayBackend,
  organisation,
  organisationModule,
  publish,
  running,
  summary,
  truth,
} from './testing/backend-double.ts';

// stopped by the test tools before the hooks that follow
afterAll(async () => {
  // the catalog's loops end after their last query; a pool that is destroyed during one keeps the process alive
  await new Promise(resolve => setTimeout(resolve, 500));
});
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

let server: Parameters<typeof request>[0];

beforeAll(async () => {
  truth.services = [summary('hello-llm', { system: 'examples' })];
  truth.deployments = running('shadow-llm');
  const backend = await startTestBackend({
    features: [
      // the types have CommonJS's default one level deeper than startTestBackend's; it takes both
      import('@backstage/plugin-catalog-backend') as unknown as Promise<{ default: BackendFeature }>,
      catalogModuleFairway,
      fairwayBackend,
      organisationModule,
      eventsServiceFactory,
      mockServices.database.factory({ knex: await databases.init('SQLITE_3') }),
      mockServices.rootConfig.factory({ data: { events: { useEventBus: 'never' } } }),
    ],
  });
  server = backend.server;
});

async function entities(): Promise<string[]> {
  const { body } = await request(server).get('/api/catalog/entities?fields=kind,metadata.name');
  return (body as { kind: string; metadata: { name: string } }[])
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .toSorted();
}

async function entity(reference: string): Promise<{ spec: Record<string, unknown>; relations: unknown }> {
  const { body } = await request(server).get(`/api/catalog/entities/by-name/${reference}`);
  return body;
}

/** The catalog takes its time: it stitches entities in the background. */
const eventually = within(20);

/** Until the provider has asked, and asked once more after whatever came of it. */
async function readAgain(): Promise<void> {
  for (let times = 0; times < 2; times++) {
    const before = asked.length;
    await publish();
    await eventually(async () => expect(asked.length).toBeGreaterThanOrEqual(before + 2));
  }
}

const first = [
  'API hello-llm',
  'Component hello-llm',
  'Component shadow-llm',
  'Group team-hello',
  'Group unknown',
  'System examples',
];

it('puts delivered and running services into the catalog, asking as the catalog itself', async () => {
  await eventually(async () => expect(await entities()).toEqual(first));
  expect(new Set(asked)).toEqual(new Set(['plugin:catalog']));
  expect(await entity('api/default/hello-llm')).toMatchObject({
    spec: { type: 'ai-model-server', serverUrl: 'http://gateway.test/v1' },
  });
  await eventually(async () =>
    expect((await entity('component/default/hello-llm')).relations).toEqual(
      expect.arrayContaining([
        { type: 'ownedBy', targetRef: 'group:default/team-hello' },
        { type: 'partOf', targetRef: 'system:default/examples' },
        { type: 'providesApi', targetRef: 'api:default/hello-llm' },
      ]),
    ),
  );
});

it('has a new service soon after its delivery, without waiting for its schedule', async () => {
  truth.services?.push(summary('second-llm'));
  await publish();
  await eventually(async () => expect(await entities()).toEqual(expect.arrayContaining(['Component second-llm'])));
});

it('shows the others, and each as far as it goes, beside records that the catalog cannot take', async () => {
  const { services = [] } = truth;
  const odd = [
    summary('no-owner-llm', { owner: '' }),
    summary('half-owner-llm', { owner: 'team:' }),
    summary('huge-owner-llm', { owner: 'x'.repeat(255), system: 'größe & more' }),
    summary('odd-url-llm', { url: 'http://[' }),
    summary('bad name!'),
    { ...summary('odd-engine-llm'), engine: 'engine-of-tomorrow' as never },
  ];
  truth.services = [...odd, ...services, summary('after-llm')];
  await publish();
  await eventually(async () => expect(await entities()).toEqual(expect.arrayContaining(['Component after-llm'])));
  const found = await entities();
  for (const name of ['no-owner', 'half-owner', 'huge-owner', 'odd-url'])
    expect(found).toContain(`Component ${name}-llm`);
  expect(found.filter(one => /bad name|odd-engine/.test(one))).toEqual([]);
  expect(await entity('component/default/no-owner-llm')).toMatchObject({ spec: { owner: 'group:default/unknown' } });
  expect((await entity('component/default/huge-owner-llm')).spec).not.toHaveProperty('system');
  truth.services = services;
  await publish();
});

it('keeps everything while the backend fails', async () => {
  const { services } = truth;
  truth.services = undefined;
  const before = await entities();
  await readAgain();
  expect(await entities()).toEqual(before);
  truth.services = services;
});

it('keeps what a silent cluster ran, and still takes new deliveries', async () => {
  truth.deployments = running('shadow-llm', 'unreachable');
  truth.services?.push(summary('third-llm'));
  await publish();
  await eventually(async () => {
    expect(await entities()).toEqual(expect.arrayContaining(['Component third-llm', 'Component shadow-llm']));
  });
});

it('gives way to a team that the organisation registers', async () => {
  const annotations = {
    'backstage.io/managed-by-location': 'url:https://example.com/org',
    'backstage.io/managed-by-origin-location': 'url:https://example.com/org',
  };
  await organisation().applyMutation({
    type: 'full',
    entities: [
      {
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Group',
          metadata: { name: 'team-hello', description: 'The real team', annotations },
          spec: { type: 'department', children: [] },
        },
        locationKey: 'organisation',
      },
    ],
  });
  const isReal = async () =>
    expect(await entity('group/default/team-hello')).toMatchObject({ spec: { type: 'department' } });
  await eventually(isReal);
  await readAgain();
  await isReal();
});

it('takes out what is neither delivered nor running any more', async () => {
  truth.services = [summary('hello-llm', { system: 'examples' })];
  truth.deployments = { clusters: [{ name: 'local', state: 'live' }], items: [] };
  await publish();
  await eventually(async () =>
    expect(await entities()).toEqual(['API hello-llm', 'Component hello-llm', 'Group team-hello', 'System examples']),
  );
  expect(await entity('group/default/team-hello')).toMatchObject({ spec: { type: 'department' } });
});
