/** Two replicas of the portal, each a program of its own, on one PostgreSQL: what one of them is sent, who looks at the other sees. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@fairway/clients/docker/free-port';
import { AlertmanagerServer, firing } from '../../../plugins/fairway-backend/src/alerts/testing/alertmanager-server.ts';
import { givenReleases, postgresVariable } from '../../../plugins/fairway-backend/src/testing/postgres-variable.ts';
import { sampleDelivery } from '../../../plugins/fairway-backend/src/testing/sample-delivery.ts';
import { type PortalGuest, guestOf } from '../../e2e/portal-guest.ts';
import { type PortalProcess, startPortalProcess } from '../../portal-process.ts';
import { within } from '../../within.ts';

jest.setTimeout(600_000);

const sender = 'token-of-the-command-lines';
const [release] = givenReleases(process.env);
const onPostgres = release === undefined ? describe.skip : describe;

onPostgres('two replicas on PostgreSQL', () => {
  const alertmanager = new AlertmanagerServer();
  let folder: string;
  const portals: PortalProcess[] = [];
  const guests: PortalGuest[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairway-replicas-'));
    const alertmanagerUrl = await alertmanager.start();
    // the second one finds the tables of the first, as the README asks for
    for (const name of ['one', 'two']) {
      const portal = await startPortalProcess({
        ...{ folder: join(folder, name), port: await freePort() },
        own: {
          backend: {
            database: {
              client: 'pg',
              prefix: `replicas_${process.pid}_`,
              connection: process.env[postgresVariable(release!)],
            },
            auth: { externalAccess: [{ type: 'static', options: { token: sender, subject: 'team-hello' } }] },
          },
          // as app-config.production.yaml has it
          events: { useEventBus: 'always' },
          auth: {
            providers: { guest: { dangerouslyAllowOutsideDevelopment: true, userEntityRef: 'user:default/guest' } },
          },
          fairway: {
            signIn: ['guest'],
            permissions: { readers: ['*'], operators: [] },
            senders: [{ subject: 'team-hello', owners: ['*'] }],
            clusters: [{ name: 'east', url: 'https://127.0.0.1:9', serviceAccountToken: 'token', alertmanagerUrl }],
          },
        },
      });
      portals.push(portal);
      guests.push(await guestOf(portal.url));
    }
  });

  afterAll(async () => {
    await Promise.all(portals.map(portal => portal.stop()));
    alertmanager.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a delivery that one is sent changes the pages of the other at once, and its catalog', async () => {
    const [one, two] = portals as [PortalProcess, PortalProcess];
    const signals = await listen(two.url);
    const sample = sampleDelivery({ service: 'hello-llm', owner: 'team-hello' });
    try {
      // the bus between replicas is joined in the background, so the first signals may be lost
      await within(60)(async () => {
        const changed = { ...sample, record: { ...sample.record, id: `d${Date.now()}` } };
        const answer = await fetch(`${one.url}/api/fairway/deliveries`, {
          method: 'POST',
          headers: { authorization: `Bearer ${sender}`, 'content-type': 'application/json' },
          body: JSON.stringify(changed),
        });
        expect(answer.status).toBe(200);
        const page = await guests[1]!.get<{ record: unknown }>(`/api/fairway/deliveries/${changed.record.id}`);
        expect(page.record).toEqual(changed.record);
        await within(5)(async () => expect(signals.heard).toContain('deliveries'));
      });
    } finally {
      signals.close();
    }
    await guests[1]!.eventually('/api/catalog/entities/by-name/component/default/hello-llm');
  });

  test('both see an alert, and its owner is notified once', async () => {
    alertmanager.alerts = [firing('burns', { service: 'chat', namespace: 'models', owner: 'user:default/guest' })];
    for (const guest of guests)
      await within(60)(async () => {
        const { items } = await guest.get<{ items: { fingerprint: string }[] }>('/api/fairway/alerts');
        expect(items.map(({ fingerprint }) => fingerprint)).toEqual(['burns']);
      });
    const titles = async () => {
      const { notifications } = await guests[0]!.get<{ notifications: { payload: { title: string } }[] }>(
        '/api/notifications',
      );
      return notifications.map(({ payload }) => payload.title);
    };
    await within(60)(async () => expect(await titles()).toEqual(['chat is slow.']));
    // each of them reads every five seconds
    await new Promise(resolve => setTimeout(resolve, 12_000));
    expect(await titles()).toEqual(['chat is slow.']);
  });
});

/** What the pages of a portal are signalled. */
async function listen(url: string): Promise<{ readonly heard: string[]; close(): void }> {
  const answer = await fetch(`${url}/api/auth/guest/refresh`);
  const { backstageIdentity } = (await answer.json()) as { backstageIdentity: { token: string } };
  const heard: string[] = [];
  // the first connection only wakes Backstage's own handler up, and is never answered
  const socket = await within(30)(async () => {
    const tried = new WebSocket(`${url.replace('http', 'ws')}/api/signals`, backstageIdentity.token);
    tried.onmessage = ({ data }) => heard.push(JSON.parse(String(data)).message.changed);
    await new Promise((resolve, reject) => {
      tried.onopen = resolve;
      setTimeout(() => reject(new Error('The signals do not answer.')), 2000);
    }).catch((error: unknown) => {
      tried.close();
      throw error;
    });
    return tried;
  });
  socket.send(JSON.stringify({ action: 'subscribe', channel: 'fairway' }));
  return { heard, close: () => socket.close() };
}
