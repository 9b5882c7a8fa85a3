import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { isReadyPod } from '@fairway/clients/kubernetes/workload';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { ToolError } from '@fairway/clients/tool-error';
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { startControllerManager, startPods, until } from '../controllers.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';

jest.setTimeout(240_000);

// what `kubectl drain` asks for each pod of a node, of an API server and the controller that counts for budgets
let root: string;
let server: BareApiServer;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  const parts = await bringParts(['kubernetes']);
  root = await mkdtemp(join(tmpdir(), 'fairway-eviction-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  running.push(startControllerManager(parts.get('kubernetes')!, root, server.kubeconfig));
});

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('of several pods one may go at a time, until its successor is ready', async () => {
  const kubelet = await deploy('several', 2);
  const [one, two] = await pods('several');
  await allowed('several', 1);
  expect(await evict(one!)).toBe(201);
  expect(await evict(two!)).toBe(429);
  await until('a successor', async () => (await pods('several')).filter(isReadyPod).length === 2);
  await allowed('several', 1);
  expect(await evict(two!)).toBe(201);
  await kubelet.stop();
});

// https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
test('pods that start or are broken keep no node from being drained', async () => {
  const kubelet = await deploy('broken', 2);
  await kubelet.stop();
  const conditions = [{ type: 'Ready', status: 'False' }];
  for (const pod of await pods('broken'))
    await server.cluster.request('PATCH', `${await server.cluster.path(pod)}/status`, {
      query: { fieldManager: 'kubelet' },
      body: { status: { conditions } },
      contentType: 'application/merge-patch+json',
    });
  await allowed('broken', 0);
  for (const pod of await pods('broken')) expect(await evict(pod)).toBe(201);
});

test('a single pod may go', async () => {
  const kubelet = await deploy('single', 1);
  expect(await server.cluster.list('policy/v1', 'PodDisruptionBudget', 'single')).toEqual([]);
  expect(await evict((await pods('single'))[0]!)).toBe(201);
  await kubelet.stop();
});

// https://github.com/kubernetes/kubernetes/issues/75957
test('a second budget lets no pod go, and a delivery says so', async () => {
  const kubelet = await deploy('second', 2);
  const selector = { matchLabels: { 'app.kubernetes.io/name': 'second' } };
  const metadata = { namespace: 'second', name: 'all' };
  await applyObjects(server.cluster, [
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1, selector } },
  ]);
  expect(await evict((await pods('second'))[0]!)).toBe(500);
  const said: string[] = [];
  // what was delivered unchanged would be skipped
  await rm(join(root, 'second', '.fairway'), { recursive: true });
  await deployed('second', said);
  expect(said.join()).toMatch(/The PodDisruptionBudget second\/all selects the pods of this service/);
  const unlabelled = [{ key: 'app.kubernetes.io/managed-by', operator: 'NotIn', values: ['fairway'] }];
  await server.cluster.remove({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata });
  await applyObjects(server.cluster, [
    {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata },
      spec: { maxUnavailable: 1, selector: { ...selector, matchExpressions: unlabelled } },
    },
  ]);
  await until('an eviction', async () => (await evict((await pods('second'))[0]!)) === 201);
  await kubelet.stop();
});

async function deploy(name: string, replicas: number) {
  await serviceFolder(
    root,
    name,
    `model: { name: ${name}, reference: 'hf://team/${name}@${'0'.repeat(40)}' }
resources: { replicas: ${replicas} }
`,
  );
  const kubelet = startPods(server.cluster, name);
  expect(await deployed(name)).toMatchObject({ verdict: 'pass' });
  return kubelet;
}

function deployed(name: string, warnings: string[] = []) {
  const { context, kubeconfig } = server;
  const image = `registry.example.com/${name}@sha256:${'cd'.repeat(32)}`;
  return runLoadedStage('deploy', join(root, name), { image, context, kubeconfig }, undefined, warnings);
}

async function pods(namespace: string): Promise<readonly Pod[]> {
  const found = await server.cluster.list<Pod>('v1', 'Pod', namespace);
  return found.filter(({ metadata }) => !metadata.deletionTimestamp);
}

/** Waits until the controller lets so many pods go. */
async function allowed(namespace: string, count: number): Promise<void> {
  interface Budget extends KubernetesObject {
    readonly status?: { readonly disruptionsAllowed?: number };
  }
  await until(`${count} evictions`, async () => {
    const [budget] = await server.cluster.list<Budget>('policy/v1', 'PodDisruptionBudget', namespace);
    return budget?.status?.disruptionsAllowed === count;
  });
}

/** @returns the status */
async function evict(pod: Pod): Promise<number> {
  const { name, namespace } = pod.metadata;
  try {
    await server.cluster.request('POST', `${await server.cluster.path(pod)}/eviction`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } },
    });
    return 201;
  } catch (error) {
    if (error instanceof ToolError && typeof error.status === 'number') return error.status;
    throw error;
  }
}
