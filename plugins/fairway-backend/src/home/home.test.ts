import { mockCredentials } from '@backstage/backend-test-utils';
import type { Alert, GpuPool, Home } from '@fairway/backstage-plugin-fairway-common';
import request from 'supertest';
import createKnex, { type Knex } from 'knex';
import { migrate } from '../database.ts';
import { DeliveryStore } from '../deliveries/delivery-store.ts';
import { sampleDelivery, type SampleOptions, withStage } from '../testing/sample-delivery.ts';
import { noViews, startTestPortal } from '../testing/test-portal.ts';

const origin = { origin: 'laptop', sender: 'token:test', owners: 'all' as const };
let knex: Knex;
beforeEach(async () => {
  knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
  await migrate(knex);
});
afterEach(() => knex.destroy());

async function home(user: string, views: Parameters<typeof startTestPortal>[0] = {}): Promise<Home> {
  const { server } = await startTestPortal({ knex, users: true, ...views });
  const answer = await request(server).get('/api/fairway/home').set('authorization', user).expect(200);
  return answer.body;
}
const ann = mockCredentials.user.header('user:default/ann');

const deliver = (options: SampleOptions) => new DeliveryStore(knex).ingest(sampleDelivery(options), origin);

test('what is mine is what I answer for by its newest delivery, however the owner is spelled', async () => {
  await deliver({ id: 'a', service: 'chat', owner: 'user:ann' });
  await deliver({ id: 'b', service: 'rank', owner: 'user:default/ann' });
  await deliver({ id: 'c', service: 'embed', owner: 'team-other' });
  // it was mine once
  await deliver({ id: 'd', service: 'gone', owner: 'user:ann', begun: '2026-11-20T09:00:00.000Z' });
  await deliver({ id: 'e', service: 'gone', owner: 'team-other' });
  const { mine } = await home(ann);
  expect(mine.items.map(({ name }) => name)).toEqual(['chat', 'rank']);
  expect([mine.total, mine.owners]).toEqual([2, ['user:default/ann']]);
  const other = await home(mockCredentials.service.header());
  expect(other.mine).toEqual({ owners: [], items: [], total: 0 });
});

test('of many services those that need somebody are among the ten that are shown', async () => {
  for (let index = 0; index < 11; index++)
    await deliver({ id: `well-${index}`, service: `well-${index}`, owner: 'user:ann' });
  const failed = sampleDelivery({ id: 'failed', service: 'z-failed', owner: 'user:ann', until: 'build' });
  const ended = withStage(failed, 'build', { verdict: 'fail', reason: 'no base image' });
  await new DeliveryStore(knex).ingest(ended, origin);
  const { mine } = await home(ann, {
    views: { createAlertViews: async options => ({ ...(await noViews.createAlertViews(options)), firing: () => 0 }) },
  });
  expect(mine.total).toBe(12);
  expect(mine.items).toHaveLength(10);
  expect(mine.items[0]?.name).toBe('z-failed');
});

test('a delivery that runs is there until it ends or fails', async () => {
  await deliver({ id: 'runs', service: 'chat', until: 'build', begun: new Date().toISOString() });
  await deliver({ id: 'done', service: 'rank' });
  const failed = withStage(sampleDelivery({ id: 'failed', service: 'embed', until: 'build' }), 'build', {
    verdict: 'fail',
    reason: 'no base image',
  });
  await new DeliveryStore(knex).ingest(failed, origin);
  const { delivering } = await home(ann);
  expect(delivering.items.map(({ id, reason }) => [id, reason])).toEqual([['runs', 'build went well.']]);
});

const alert = (fingerprint: string, severity: string, since: string, state: Alert['state'] = 'active'): Alert => ({
  ...{ source: 'east', fingerprint, name: fingerprint, severity, summary: 's', since, state, silencedBy: [] },
});

test('what pages burns first, of these what burns longest; what is silenced burns not', async () => {
  const { burning } = await home(ann, {
    views: {
      createAlertViews: async options => ({
        ...(await noViews.createAlertViews(options)),
        list: async () => ({
          sources: [{ name: 'east', clusters: ['east'], state: 'live' }],
          unwatched: [],
          items: [
            alert('ticket', 'ticket', '2026-11-26T08:00:00Z'),
            alert('late', 'page', '2026-11-26T10:00:00Z'),
            alert('early', 'critical', '2026-11-26T09:00:00Z'),
            alert('silenced', 'page', '2026-11-26T07:00:00Z', 'suppressed'),
          ],
        }),
      }),
    },
  });
  expect(burning.items.map(({ name }) => name)).toEqual(['early', 'late', 'ticket']);
  expect(burning.total).toBe(3);
});

test('of what waits the oldest ten are there, and how many there are', async () => {
  const pool = (cluster: string, hours: readonly number[], waitingTotal?: number): GpuPool => ({
    ...{ cluster, class: 'nvidia-h100-80gb', resource: 'nvidia.com/gpu', source: 'device-plugin', nodes: 1 },
    ...{ installed: 8, allocatable: 8, requested: 8, free: 0, largestFree: 0, fragmentation: 0, waitingTotal },
    waiting: hours.map(hour => ({
      namespace: 'models',
      name: `${cluster}-${hour}`,
      gpus: 1,
      since: `2026-11-26T${String(hour).padStart(2, '0')}:00:00Z`,
      reason: 'No node has room.',
    })),
  });
  const { waiting } = await home(ann, {
    views: {
      createClusterViews: async options => ({
        ...(await noViews.createClusterViews(options)),
        capacity: () => ({
          clusters: [],
          pools: [pool('east', [9, 11, 12, 13, 14, 15], 500), pool('west', [8, 10, 16, 17, 18, 19])],
          saturation: [],
        }),
      }),
    },
  });
  expect([waiting.total, waiting.items.length]).toEqual([506, 10]);
  expect(waiting.items.slice(0, 3).map(({ name, cluster }) => [name, cluster])).toEqual([
    ['west-8', 'west'],
    ['east-9', 'east'],
    ['west-10', 'west'],
  ]);
});
