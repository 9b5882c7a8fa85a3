import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { applyDefinitions, definitionsOf } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { askGateway } from '../e2e/ask.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { kedaDefinitions } from '../upstream-parts.ts';
import { copyFaultyService } from './faulty-service.ts';

// Envoy Gateway, Envoy, the kubelet and the activator themselves. KEDA is not on the platform: what it does, the tests do in its place.
jest.setTimeout(20 * 60_000);

const name = 'hello-asleep';
const hostname = 'hello-asleep.test';
let folder: string;
let cluster: Cluster;
let definitions: readonly KubernetesObject[];
let revision: string;
let token: string;

beforeAll(async () => {
  const parts = await bringParts([], [kedaDefinitions]);
  cluster = await connectCluster(platform.kubernetes);
  definitions = await definitionsOf(parts.get('keda-definitions')!);
  await applyDefinitions(cluster, definitions);
  folder = await copyFaultyService(
    name,
    hostname,
    text => `${text}\nscaling: { min: 0, max: 4, prometheus: 'http://prometheus.invalid:9090' }\n`,
  );
  const { stages } = expectPass(await fairway(['deliver', folder, '--json', '--to', 'monitor']));
  revision = stages.find(({ stage }) => stage === 'deploy')!.outputs['revision']!;
  token = await accessToken('user', 'llm:chat');
});

afterAll(async () => {
  await removeService(platform, name);
  for (const one of definitions) await cluster.remove(one);
  await rm(folder, { recursive: true });
});

const deployment = () => `${name}-${revision}`;

/** As a scaler does it. */
async function toPods(replicas: number): Promise<void> {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: name, name: deployment() } };
  await cluster.request('PATCH', await cluster.path(object), {
    body: { spec: { replicas } },
    contentType: 'application/merge-patch+json',
  });
}

async function ask(more: object = {}) {
  const body = { model: 'hello-tiny', messages: [{ role: 'user', content: 'hi' }], max_tokens: 4, ...more };
  return askGateway(hostname, '/v1/chat/completions', { token, body });
}

/** How many requests the activator holds, as KEDA would hear it. */
async function waiting(): Promise<number> {
  const [pod] = await cluster.list('v1', 'Pod', name, { 'app.kubernetes.io/managed-by': 'fairway-activator' });
  const path = `${await cluster.path(pod!)}:9465/proxy/waiting`;
  return (await cluster.request<{ readonly waiting: number }>('GET', path)).waiting;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); await sleep(250))
    if (Date.now() > end) throw new Error(`${what} did not come about within a minute`);
}

/** Addresses to which the gateway may send, by whose pods they are. */
async function endpoints(): Promise<{ readonly engines: number; readonly activators: number }> {
  interface Slice extends KubernetesObject {
    readonly endpoints?: readonly {
      readonly conditions: { readonly ready?: boolean };
      readonly targetRef?: { readonly name: string };
    }[];
  }
  const slices = await cluster.list<Slice>('discovery.k8s.io/v1', 'EndpointSlice', name, {
    'kubernetes.io/service-name': deployment(),
  });
  const ready = slices.flatMap(slice => slice.endpoints ?? []).filter(({ conditions }) => conditions.ready);
  const activators = ready.filter(({ targetRef }) => targetRef?.name.startsWith(`${deployment()}-act-`)).length;
  return { engines: ready.length - activators, activators };
}

it('leaves requests to the pods while there are any', async () => {
  await until('the pod alone', async () => JSON.stringify(await endpoints()) === '{"engines":1,"activators":0}');
  expect(await ask()).toMatchObject({ status: 200, headers: { 'x-fairway-revision': revision } });
  expect(await waiting()).toBe(0);
});

it('holds requests while there is no pod, and gives them to the first one', async () => {
  await toPods(0);
  await until('the activator', async () => (await endpoints()).activators === 1);
  // the gateway hears of it a moment later
  await sleep(2000);
  const held = [ask(), ask(), ask()];
  await until('three that wait', async () => (await waiting()) === 3);
  await sleep(5000);
  expect(await waiting()).toBe(3);
  await toPods(1);
  for (const answer of await Promise.all(held))
    expect(answer).toMatchObject({ status: 200, headers: { 'x-fairway-revision': revision } });
  await until('the pod alone', async () => JSON.stringify(await endpoints()) === '{"engines":1,"activators":0}');
});

it('streams what it held, event by event', async () => {
  await toPods(0);
  await until('the activator', async () => (await endpoints()).activators === 1);
  await sleep(2000);
  const streamed = ask({ stream: true, max_tokens: 8 });
  await until('one that waits', async () => (await waiting()) === 1);
  await toPods(1);
  const { status, text } = await streamed;
  expect(status).toBe(200);
  expect(text.match(/^data: /gm)?.length).toBeGreaterThan(2);
  expect(text).toContain('data: [DONE]');
});

it('answers every request of a user who asks all the time, whatever happens to the pods', async () => {
  const statuses = new Map<number, number>();
  const over = new AbortController();
  const users = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) {
      const { status } = await ask();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  for (let round = 0; round < 3; round++) {
    await toPods(0);
    await until('users that wait', async () => (await waiting()) > 0);
    // several that start are more than the one that holds requests: none of them may get any before it is ready
    await toPods(3);
    await sleep(3000);
  }
  over.abort();
  await Promise.all(users);
  process.stderr.write(`${JSON.stringify([...statuses])} answers by status\n`);
  expect([...statuses.keys()]).toEqual([200]);
});

it('is awake for a delivery of the version that sleeps', async () => {
  await toPods(0);
  const { stages } = expectPass(await fairway(['deliver', folder, '--json', '--to', 'mesh']));
  expect(stages.find(({ stage }) => stage === 'deploy')).toMatchObject({ verdict: 'pass', outputs: { revision } });
  expect((await endpoints()).engines).toBe(1);
});

it('is removed with all that was put beside it', async () => {
  await cluster.remove({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: name, name: deployment() },
  });
  const gone = async (apiVersion: string, kind: string) =>
    (await cluster.list(apiVersion, kind, name, { 'app.kubernetes.io/managed-by': 'fairway-activator' })).length === 0;
  await until('the end of the activator', async () =>
    (
      await Promise.all([
        gone('v1', 'Pod'),
        gone('v1', 'Service'),
        gone('v1', 'ServiceAccount'),
        gone('rbac.authorization.k8s.io/v1', 'Role'),
        gone('rbac.authorization.k8s.io/v1', 'RoleBinding'),
      ])
    ).every(Boolean),
  );
});
