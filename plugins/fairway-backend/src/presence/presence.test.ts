import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { DeploymentView, VersionView } from '@fairway/backstage-plugin-fairway-common';
import request from 'supertest';
import type { PresentServices } from '../cluster-views.ts';
import { migrate } from '../database.ts';
import { clusterUid, sampleDelivery } from '../testing/sample-delivery.ts';
import { testDatabases } from '../testing/test-databases.ts';
import { noViews, startTestPortal } from '../testing/test-portal.ts';
import { ClusterNaming, notePresence } from './presence.ts';

const databases = testDatabases();
const place = { namespace: 'hello-llm', service: 'hello-llm' };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

function version(revision: string, readyReplicas: number, weight?: number): VersionView {
  return { revision, image: 'i', replicas: 1, readyReplicas, weight, createdAt: '', state: 'ready', pods: [] };
}

describe.each(databases.eachSupportedId())('what the clusters have of a service, on %s', engine => {
  async function portal() {
    const knex = await databases.init(engine);
    const state: { items: DeploymentView[]; present: PresentServices[] } = { items: [], present: [] };
    const createClusterViews = () => ({
      ...noViews.createClusterViews({} as never),
      deployments: () => ({ clusters: [], items: state.items }),
      present: () => state.present,
    });
    const views = { createClusterViews: createClusterViews as never };
    const { server, audit } = await startTestPortal({
      ...{ knex, users: true, views },
      config: { senders: [{ subject: mockCredentials.service().principal.subject, owners: ['*'] }] },
    });
    const send = (body: object) =>
      request(server).post('/api/fairway/deliveries').set('authorization', mockCredentials.service.header()).send(body);
    const ann = mockCredentials.user.header('user:default/ann');
    const read = async (path: string) =>
      (await request(server).get(`/api/fairway${path}`).set('authorization', ann)).body;
    const remove = async (header = ann, body: object = {}) => {
      const path = `/api/fairway/services/${place.namespace}/${place.service}/remove`;
      const answer = await request(server).post(path).set('authorization', header).send(body);
      return { status: answer.status, body: answer.body, message: String(answer.body.error?.message ?? '') };
    };
    return { knex, state, send, read, remove, audit };
  }

  test('in production is what the cluster serves, not what a record claims', async () => {
    const { state, send, read } = await portal();
    await send(sampleDelivery({ revision: 'claimed1' }));
    const one = async () => (await read('/services')).items[0];
    expect(await one()).toMatchObject({ state: 'unknown', released: { revision: 'claimed1' } });
    const versions = [version('claimed1', 0, 100), version('still', 2, 0), version('canary', 1, 0)];
    state.items = [{ cluster: 'east', ...place, versions }];
    expect(await one()).toMatchObject({ state: 'not-serving' });
    state.items = [
      { cluster: 'east', ...place, versions: [version('claimed1', 1, 0), version('real', 2, 100)] },
      { cluster: 'west', ...place, versions: [version('bare', 1)] },
      { cluster: 'west', service: 'hello-llm', namespace: 'elsewhere', versions: [version('other', 1, 100)] },
    ];
    expect(await one()).toMatchObject({
      state: 'serving',
      places: [
        { cluster: clusterUid, state: 'unknown', versions: [], released: { revision: 'claimed1' } },
        { cluster: 'east', state: 'serving', versions: [{ revision: 'real', weight: 100, readyReplicas: 2 }] },
        { cluster: 'west', state: 'serving', versions: [{ revision: 'bare', readyReplicas: 1 }] },
      ],
    });
  });

  test('services of one name in two namespaces are two', async () => {
    const { send, read } = await portal();
    await send(sampleDelivery({ id: 'here' }));
    await send(sampleDelivery({ id: 'there', namespace: 'other', begun: '2026-11-25T11:00:00.000Z', until: 'push' }));
    const { items } = await read('/services');
    expect(
      items.map(({ namespace, lastDelivery }: { namespace: string; lastDelivery: { id: string } }) => [
        namespace,
        lastDelivery.id,
      ]),
    ).toEqual([
      ['hello-llm', 'here'],
      ['other', 'there'],
    ]);
    const ids = (list: { items: { id: string }[] }) => list.items.map(({ id }) => id);
    expect(ids(await read('/services/hello-llm/deliveries'))).toEqual(['there', 'here']);
    expect(ids(await read('/services/hello-llm/deliveries?namespace=other'))).toEqual(['there']);
  });

  test('places are told by the cluster that a record names, with environment, release and alerts of their own', async () => {
    const { knex, state, send, read } = await portal();
    const west = '9d0c1f3e-0a5b-4a53-9a55-6b1f0c5d7e22';
    await send(sampleDelivery({ id: 'staged', revision: 'aaaa1111', begun: '2026-11-24T10:00:00.000Z' }));
    const production = sampleDelivery({ id: 'live', revision: 'bbbb2222', begun: '2026-11-25T10:00:00.000Z' });
    await send({ ...production, record: { ...production.record, environment: 'production', cluster: west } });
    // a delivery that did not get so far as to deploy is at no place
    await send(sampleDelivery({ id: 'failed', begun: '2026-11-26T10:00:00.000Z', until: 'build' }));
    await notePresence(knex, [{ cluster: 'east', uid: clusterUid, live: true, services: [place] }], minutesAgo(60));
    await notePresence(knex, [{ cluster: 'east', uid: clusterUid, live: true, services: [] }], minutesAgo(30));
    state.items = [{ cluster: 'west', ...place, versions: [version('bbbb2222', 1, 100)] }];
    await notePresence(knex, [{ cluster: 'west', uid: west, live: true, services: [place] }], minutesAgo(1));
    const { items } = await read('/services');
    expect(items).toMatchObject([
      {
        state: 'serving',
        lastDelivery: { id: 'failed' },
        released: { revision: 'bbbb2222' },
        places: [
          {
            ...{ cluster: 'east', environment: 'staging', state: 'decommissioned', versions: [] },
            ...{ released: { revision: 'aaaa1111' }, lastDelivery: { id: 'staged' } },
          },
          {
            ...{ cluster: 'west', environment: 'production', state: 'serving' },
            ...{ released: { revision: 'bbbb2222' }, lastDelivery: { id: 'live' } },
          },
        ],
      },
    ]);
    const found = async (query: string) => (await read(`/services?${query}`)).items.length;
    expect(
      await Promise.all(
        [
          'owner=team-hello&environment=production&cluster=west&state=serving',
          'owner=group:default/team-hello',
          'cluster=east&state=decommissioned',
          'cluster=east&state=serving',
          'environment=staging&cluster=west',
          'owner=team-other',
          'state=decommissioned',
        ].map(found),
      ),
    ).toEqual([1, 1, 1, 0, 0, 0, 0]);
  });

  test('a cluster has its name on the pages as soon as it can be read, not a minute later', async () => {
    const { knex, send, read } = await portal();
    await send(sampleDelivery({ revision: 'aaaa1111' }));
    let named = 0;
    const naming = new ClusterNaming(knex, mockServices.logger.mock(), () => void named++);
    const east = { cluster: 'east', uid: clusterUid, services: [place] };
    let present: PresentServices[] = [{ ...east, live: false }];
    naming.watch({ present: () => present });
    await naming.changed();
    expect((await read('/services')).items[0].places).toMatchObject([{ cluster: clusterUid }]);
    present = [{ ...east, live: true }];
    await naming.changed();
    // each event of a cluster asks, and its state and its thousands of services are read where they are asked for
    const get = () => {
      throw new Error('More than the UID of a cluster that has its name was read.');
    };
    present = [Object.defineProperties({ ...east, live: true }, { live: { get }, services: { get } })];
    await naming.changed();
    expect((await read('/services')).items[0].places).toMatchObject([{ cluster: 'east' }]);
    expect(named).toBe(1);
  });

  test('it is removed from one cluster where it is gone, and stays in the others', async () => {
    const { knex, state, send, read, remove } = await portal();
    const west = '9d0c1f3e-0a5b-4a53-9a55-6b1f0c5d7e22';
    await send(sampleDelivery({ id: 'staged' }));
    const production = sampleDelivery({ id: 'live', begun: '2026-11-25T10:00:00.000Z' });
    await send({ ...production, record: { ...production.record, environment: 'production', cluster: west } });
    await notePresence(knex, [{ cluster: 'east', uid: clusterUid, live: true, services: [place] }], minutesAgo(60));
    state.present = [
      { cluster: 'east', live: true, services: [] },
      { cluster: 'west', live: true, services: [place] },
    ];
    expect(await remove(undefined, { cluster: 'north' })).toMatchObject({
      status: 409,
      message: expect.stringMatching(/does not watch/),
    });
    expect((await remove(undefined, { cluster: 'west' })).status).toBe(409);
    expect(await remove(undefined, { cluster: 'east' })).toMatchObject({ status: 200, body: { deliveries: 1 } });
    expect((await read('/services/hello-llm/deliveries')).items.map(({ id }: { id: string }) => id)).toEqual(['live']);
    expect((await read('/services')).items[0].places).toMatchObject([{ cluster: west, environment: 'production' }]);
  });

  test('one that its clusters lost for good is decommissioned, until it is back', async () => {
    const { knex, send, read } = await portal();
    await send(sampleDelivery());
    const stateNow = async () => (await read('/services')).items[0].state;
    const east = (live: boolean, ...services: PresentServices['services'][number][]) => [
      { cluster: 'east', live, services },
    ];
    await notePresence(knex, east(true, place), minutesAgo(60));
    await notePresence(knex, east(false), minutesAgo(40));
    expect(await stateNow()).toBe('unknown');
    await notePresence(knex, east(true), minutesAgo(5));
    expect(await stateNow()).toBe('unknown');
    await notePresence(knex, east(true, place), minutesAgo(4));
    await notePresence(knex, east(true), minutesAgo(11));
    expect((await read('/services')).items[0]).toMatchObject({
      state: 'decommissioned',
      decommissionedAt: expect.stringMatching(/^20/),
    });
    await notePresence(knex, [{ cluster: 'west', live: true, services: [place] }], minutesAgo(1));
    expect(await stateNow()).toBe('unknown');
  });

  test('it is removed by a person when no cluster has it any more, and not before', async () => {
    const { knex, state, send, read, remove, audit } = await portal();
    expect((await remove()).status).toBe(404);
    await send(sampleDelivery());
    await send(sampleDelivery({ id: 'kept', namespace: 'other' }));
    state.present = [{ cluster: 'east', live: false, services: [] }];
    expect(await remove()).toMatchObject({ status: 409, message: expect.stringMatching(/east cannot be read/) });
    state.present = [{ cluster: 'east', live: true, services: [place] }];
    expect(await remove()).toMatchObject({
      status: 409,
      message: expect.stringMatching(/has objects in east/),
      body: { error: { coded: { code: 'removal.running', parameters: { clusters: 'east' } } } },
    });
    expect((await remove(mockCredentials.service.header())).status).toBe(403);
    state.present = [{ cluster: 'east', live: true, services: [] }];
    expect(await remove()).toMatchObject({ status: 200, body: { deliveries: 1 } });
    expect((await read('/services')).items.map(({ namespace }: { namespace: string }) => namespace)).toEqual(['other']);
    expect(await knex('delivery_records').select('id')).toEqual([{ id: 'kept' }]);
    expect(audit.at(-1)).toMatchObject({ eventId: 'service-remove', status: 'succeeded', meta: place });
  });

  test('the table goes and comes again', async () => {
    const { knex } = await portal();
    await knex.schema.dropTable('service_presence');
    await knex('knex_migrations').where('name', 'like', '%presence%').delete();
    await migrate(knex);
    expect(await knex('service_presence').select()).toEqual([]);
  });
});
