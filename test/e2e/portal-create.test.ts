import { rm } from 'node:fs/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { runningPortal, startPortal, stopPortal } from '@fairway/platform';
import { askGateway } from './ask.ts';
import { accessToken, platform } from './platform.ts';
import { type PortalGuest, guestOf } from './portal-guest.ts';

jest.setTimeout(40 * 60_000);

const name = 'created-e2e';
const hostname = `${name}.localhost`;
let guest: PortalGuest;
let wasRunning: boolean;
let folder: string | undefined;

beforeAll(async () => {
  wasRunning = (await runningPortal()) !== undefined;
  const { url } = await startPortal({ signal: new AbortController().signal, progress: () => {} });
  guest = await guestOf(url);
});

afterAll(async () => {
  const cluster = await connectCluster(platform.kubernetes);
  await cluster.request('DELETE', `/api/v1/namespaces/${name}`);
  if (folder) await rm(folder, { recursive: true });
  if (!wasRunning) await stopPortal();
});

it('Create leads to a second service that is delivered, answers and is in the catalog', async () => {
  const task = await guest.post<{ id: string }>('/api/scaffolder/v2/tasks', {
    templateRef: 'template:default/inference-service',
    values: {
      name,
      description: 'A service that a test created.',
      owner: 'group:default/team-hello',
      engine: 'llamacpp',
      cpu: '500m',
      memory: '256Mi',
      accelerator: 'cpu',
      replicas: 1,
      contextLength: 2048,
      sequences: 4,
      exposure: 'own',
      requestsPerMinute: 600,
      availability: 99.5,
      timeToFirstToken: 1500,
      interTokenLatency: 250,
      goodput: 95,
      requestsPerSecond: 2,
      place: 'folder',
      deliver: true,
    },
  });
  let seenBeforeItsEnd = false;
  const { status, log } = await guest.finished(task.id, sofar => {
    folder ??= /(\S+) is a Git repository with the commit/.exec(sofar)?.[1];
    seenBeforeItsEnd ||= /✔ build /.test(sofar) && !/✔ release /.test(sofar);
  });
  expect([status, log]).toEqual(['completed', expect.stringMatching(/✔ release /)]);
  expect(seenBeforeItsEnd).toBe(true);

  const answer = await askGateway(hostname, '/v1/models', { token: await accessToken('user', 'llm:read') });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('hello-tiny') });

  // told to the portal by the delivery, and from there to the catalog
  const { items } = await guest.get<{ items: { name: string; lastDelivery: { verdict: string } }[] }>(
    '/api/fairway/services',
  );
  expect(items.find(item => item.name === name)).toMatchObject({ lastDelivery: { verdict: 'pass' } });
  const api = await guest.eventually(`/api/catalog/entities/by-name/api/default/${name}`);
  expect(api).toMatchObject({ spec: { type: 'ai-model-server', models: { default: 'hello-tiny' } } });
});
