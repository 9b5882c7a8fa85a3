import createKnex from 'knex';
import { migrate } from '../database.ts';
import { notePresence } from '../presence/presence.ts';
import { removeService } from '../presence/removal.ts';
import { clusterUid, sampleDelivery, type SampleOptions } from '../testing/sample-delivery.ts';
import { testDatabases } from '../testing/test-databases.ts';
import { noViews } from '../testing/test-portal.ts';
import { DeliveryStore } from './delivery-store.ts';
import type { Origin } from './origin.ts';
import { ServiceSummaries } from './service-summaries.ts';
import { StoredServices } from './stored-services.ts';

const databases = testDatabases();
const origin: Origin = { sender: 'token:all', owners: 'all', origin: 'laptop' };

describe.each(databases.eachSupportedId())('what services are drawn from, on %s', engine => {
  /** @param replicas each with connections of its own; SQLite in memory is one connection by nature */
  async function portal(replicas: number) {
    const knex = await databases.init(engine);
    await migrate(knex);
    const own = engine === 'SQLITE_3' ? [] : Array.from({ length: replicas }, () => createKnex(knex.client.config));
    const used = own.length > 0 ? own : Array.from({ length: replicas }, () => knex);
    return {
      knex,
      replicas: used.map(one => ({
        stored: new StoredServices(one),
        deliver: (options: SampleOptions) => new DeliveryStore(one).ingest(sampleDelivery(options), origin),
      })),
      end: () => Promise.all(own.map(one => one.destroy())),
    };
  }

  test('a replica sees what another one wrote or removed when it reads next', async () => {
    const { knex, replicas, end } = await portal(2);
    const [here, there] = [replicas[0]!, replicas[1]!];
    const keys = async () => [...(await there.stored.read()).services.keys()];
    expect(await keys()).toEqual([]);
    await here.deliver({ id: 'b', service: 'b-llm', namespace: 'n', owner: 'team-b' });
    await here.deliver({ id: 'a', service: 'a-llm', namespace: 'n', owner: 'team-a' });
    await here.deliver({ id: 'a2', service: 'a-llm', namespace: 'm', owner: 'team-a' });
    expect(await keys()).toEqual(['m/a-llm', 'n/a-llm', 'n/b-llm']);
    const before = await there.stored.read();
    expect([...before.owners]).toEqual([
      ['m/a-llm', 'team-a'],
      ['n/a-llm', 'team-a'],
      ['n/b-llm', 'team-b'],
    ]);
    expect(await there.stored.read()).toBe(before);

    await here.deliver({ id: 'b', service: 'b-llm', namespace: 'n', owner: 'team-b' });
    await here.deliver({
      id: 'b3',
      service: 'b-llm',
      namespace: 'n',
      owner: 'team-c',
      begun: '2026-11-26T00:00:00.000Z',
    });
    const after = await there.stored.read();
    expect(after.services.get('n/b-llm')?.described.owner).toBe('team-c');
    expect(after.services.get('m/a-llm')).toBe(before.services.get('m/a-llm'));

    await notePresence(
      knex,
      [{ cluster: 'east', uid: clusterUid, live: true, services: [{ namespace: 'n', service: 'b-llm' }] }],
      new Date(),
    );
    const present = await there.stored.read();
    expect([...present.names]).toEqual([[clusterUid, 'east']]);
    expect(present.services.get('n/b-llm')?.seen).toHaveLength(1);
    expect(present.owners).toBe(after.owners);
    // what says the same again is no change
    const same = [{ cluster: 'east', uid: clusterUid, live: true, services: [{ namespace: 'n', service: 'b-llm' }] }];
    await notePresence(knex, same, new Date());
    expect(await there.stored.read()).toBe(present);

    const clusters = await noViews.createClusterViews({} as never);
    await removeService(knex, clusters, { namespace: 'n', service: 'b-llm' });
    expect(await keys()).toEqual(['m/a-llm', 'n/a-llm']);
    await end();
  });

  test('no change is missed while several replicas write', async () => {
    const { knex, replicas, end } = await portal(4);
    const reader = new StoredServices(knex);
    await Promise.all(
      replicas.map(async ({ stored, deliver }, replica) => {
        for (let index = 0; index < 12; index++) {
          const id = `${replica}-${index}`;
          await deliver({ id, service: `s${index % 3}`, namespace: `n${replica % 2}`, owner: `team-${id}` });
          const { services } = await stored.read();
          expect(services.has(`n${replica % 2}/s${index % 3}`)).toBe(true);
          await reader.read();
        }
      }),
    );
    const fresh = await new StoredServices(knex).read();
    expect(fresh.services.size).toBe(6);
    for (const stored of [reader, ...replicas.map(one => one.stored)]) expect(await stored.read()).toEqual(fresh);
    await end();
  });

  test('a database that was restored from a backup is read anew', async () => {
    const { knex, replicas, end } = await portal(1);
    const { stored, deliver } = replicas[0]!;
    await deliver({});
    expect((await stored.read()).services.size).toBe(1);
    await knex('deliveries').delete();
    await knex('service_changes').delete();
    await knex('service_change_number').update({ at: 0 });
    expect((await stored.read()).services.size).toBe(0);
    await end();
  });

  test('a summary is the same object until something of its service changes', async () => {
    const { replicas, end } = await portal(1);
    const { stored, deliver } = replicas[0]!;
    const alerts = new Map<string, number>();
    const summaries = new ServiceSummaries(stored, ({ service = '' }) => alerts.get(service));
    await deliver({ id: 'a', service: 'a' });
    await deliver({ id: 'b', service: 'b', until: 'push' });
    const version = { revision: 'r', image: 'i', replicas: 1, readyReplicas: 1, createdAt: '', pods: [] };
    const view = { cluster: 'east', namespace: 'a', service: 'a', versions: [{ ...version, state: 'ready' as const }] };
    const [a, b] = await summaries.list([view]);
    expect(a?.state).toBe('serving');
    const again = await summaries.list([view]);
    expect([again[0] === a, again[1] === b]).toEqual([true, true]);

    alerts.set('a', 1);
    const [alerting, quiet] = await summaries.list([view]);
    expect([alerting?.firingAlerts, quiet === b]).toEqual([1, true]);
    const [gone] = await summaries.list([]);
    expect(gone?.state).toBe('unknown');
    await deliver({ id: 'b', service: 'b' });
    const [still, delivered] = await summaries.list([]);
    expect([still === gone, delivered?.lastDelivery.verdict]).toEqual([true, 'pass']);
    expect(await summaries.get([], { namespace: 'b', service: 'b' })).toBe(delivered);
    await end();
  });
});
