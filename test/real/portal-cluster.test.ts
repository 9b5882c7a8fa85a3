import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { parseAllDocuments } from 'yaml';
import { applyObjects, clusterUid, connectCluster, loadKubeconfig } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { ToolError } from '@fairway/clients/tool-error';
import type { PlatformState } from '@fairway/platform';
import { rollback } from '@fairway/rollback';
import { createClusterViews } from '../../plugins/fairway-backend/src/cluster/index.ts';
import { Redaction } from '../../plugins/fairway-backend/src/redaction.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

const { kubernetes, gateway } = JSON.parse(
  readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8'),
) as PlatformState;
const [gatewayNamespace, gatewayName] = gateway.reference.split('/');
const name = `fairway-portal-${process.pid}`;
const h200 = 'NVIDIA-H200';
const folder = mkdtempSync(join(tmpdir(), 'fairway-portal-'));
const made: KubernetesObject[] = [];
const ends: (() => unknown)[] = [];

let cluster: Cluster;
let proxy: CuttableProxy;
let views: ReturnType<typeof createClusterViews>;

beforeAll(async () => {
  cluster = await connectCluster(kubernetes);
  const { hostname, port } = new URL(cluster.server);
  proxy = await CuttableProxy.start(hostname, Number(port));
  // the same login at an address that the test can cut
  const kubeconfig = join(folder, 'kubeconfig');
  const text = readFileSync(kubernetes.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, text.replaceAll(cluster.server, `https://127.0.0.1:${proxy.port}`), { mode: 0o600 });
  views = watch({ name: 'test', kubeconfig, context: kubernetes.context });
  // the Gateway takes routes of namespaces with this label
  await make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'fairway.dev/gateway': 'allowed' } } });
});

afterAll(async () => {
  for (const end of ends) end();
  // nothing would end pods of nodes that are not there
  for (const object of made.reverse())
    await cluster.text('DELETE', await cluster.path(object), { body: { gracePeriodSeconds: 0 } });
  await proxy.stop();
  rmSync(folder, { recursive: true });
});

function watch(entry: { [key: string]: string | boolean }) {
  return createClusterViews({
    config: new ConfigReader({ fairway: { clusters: [entry] } }),
    logger: mockServices.logger.mock(),
    redaction: new Redaction([]),
    lifecycle: { addStartupHook: () => undefined, addShutdownHook: hook => void ends.push(hook) },
    changed: () => undefined,
  });
}

async function make(...objects: KubernetesObject[]): Promise<void> {
  made.push(...objects);
  await applyObjects(cluster, objects);
}

/** A node of which there is nothing but its object, with GPUs that are ready to be used. */
async function makeNode(suffix: string, gpus: number): Promise<void> {
  const node = `${name}-${suffix}`;
  await make({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node, labels: { 'nvidia.com/gpu.product': h200 } },
    spec: { taints: [{ key: 'fairway.dev/test', effect: 'NoSchedule' }] },
  });
  const counts = { 'nvidia.com/gpu': String(gpus), pods: '10' };
  await cluster.text('PATCH', `/api/v1/nodes/${node}/status`, {
    contentType: 'application/merge-patch+json',
    body: { status: { capacity: counts, allocatable: counts, conditions: [{ type: 'Ready', status: 'True' }] } },
  });
}

function gpuPod(pod: string, gpus: number, place: Record<string, unknown>): KubernetesObject {
  const limits = { 'nvidia.com/gpu': String(gpus) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, namespace: name },
    spec: {
      ...place,
      containers: [{ name: 'engine', image: 'localhost/none', resources: { limits, requests: limits } }],
    },
  };
}

/** Asks until the answer is as expected; the last difference is the test's failure. */
async function eventually(expectation: () => void | Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await expectation();
    } catch (error) {
      if (attempt === 300) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

const pool = () => views.capacity().pools.find(one => one.class === 'nvidia-h200-141gb');

test('GPUs of nodes and what pods hold of them', async () => {
  await makeNode('a', 8);
  await makeNode('b', 4);
  await eventually(() =>
    expect(pool()).toMatchObject({ nodes: 2, installed: 12, allocatable: 12, requested: 0, free: 12, largestFree: 8 }),
  );
  await make(gpuPod('holder', 3, { nodeName: `${name}-a` }));
  await eventually(() => expect(pool()).toMatchObject({ requested: 3, free: 9, largestFree: 5, fragmentation: 4 / 9 }));
  expect(views.capacity().clusters).toMatchObject([{ name: 'test', state: 'live' }]);
  expect(views.capacity().clusters[0]).not.toHaveProperty('message');
});

test('a pod that waits, with the reason of the scheduler', async () => {
  await make(gpuPod('waiter', 9, { nodeSelector: { 'nvidia.com/gpu.product': h200 } }));
  await eventually(() =>
    expect(pool()?.waiting).toEqual([
      expect.objectContaining({
        name: 'waiter',
        namespace: name,
        gpus: 9,
        reason: expect.stringMatching(/nodes are available/),
      }),
    ]),
  );
});

test('a watch that is cut goes on: what changed meanwhile is seen when the cluster is back', async () => {
  await proxy.cut();
  await cluster.text('PATCH', `/api/v1/nodes/${name}-a`, {
    contentType: 'application/merge-patch+json',
    body: { spec: { unschedulable: true } },
  });
  await eventually(() =>
    expect(views.capacity().clusters).toMatchObject([
      { state: 'unreachable', message: expect.stringMatching(/does not answer there/) },
    ]),
  );
  // what was known is still shown
  expect(pool()).toMatchObject({ installed: 12 });
  await proxy.restore();
  await eventually(() => {
    expect(pool()).toMatchObject({ installed: 12, free: 4, largestFree: 4 });
    expect(views.capacity().clusters).toMatchObject([{ state: 'live' }]);
  });
});

test('a version that does not get ready, with its cause', async () => {
  const labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/managed-by': 'fairway',
    'fairway.dev/revision': '1a2b3c4d',
  };
  const engine = { name: 'engine', image: 'localhost/fairway-test/absent:1', imagePullPolicy: 'Never' };
  await make({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${name}-1a2b3c4d`, namespace: name, labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [engine] } } },
  });
  const reason = expect.stringMatching(/absent:1/);
  await eventually(() =>
    expect(views.deployments({ service: name }).items).toEqual([
      expect.objectContaining({
        cluster: 'test',
        namespace: name,
        versions: [
          expect.objectContaining({ revision: '1a2b3c4d', cause: reason, pods: [expect.objectContaining({ reason })] }),
        ],
      }),
    ]),
  );
});

const hello = `${name}-hello`;

/** A version of a service as `deploy` leaves it, with no pods, so that it is ready at once. */
async function makeVersion(revision: string, releasedAt?: string): Promise<void> {
  const labels = {
    'app.kubernetes.io/name': hello,
    'app.kubernetes.io/managed-by': 'fairway',
    'fairway.dev/revision': revision,
  };
  const metadata = { name: `${hello}-${revision}`, namespace: name, labels };
  const annotations = { 'fairway.dev/released-by': 'd0', 'fairway.dev/released-at': releasedAt ?? '' };
  const engine = { name: 'engine', image: 'localhost/fairway-test/absent:1', imagePullPolicy: 'Never' };
  await make(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, annotations: releasedAt ? annotations : {} },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [engine] } },
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 8000 }] } },
  );
}

/** The routes that `mesh` makes, as far as shares count. */
async function makeRoutes(shares: Record<string, number>): Promise<void> {
  const backendRefs = Object.entries(shares).map(([revision, weight]) => ({
    ...{ group: '', kind: 'Service', name: `${hello}-${revision}`, port: 8000, weight },
  }));
  for (const which of ['chat', 'models'])
    await make({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: {
        name: `${hello}-${which}`,
        namespace: name,
        labels: { 'app.kubernetes.io/name': hello, 'app.kubernetes.io/managed-by': 'fairway' },
      },
      spec: {
        parentRefs: [{ namespace: gatewayNamespace, name: gatewayName }],
        hostnames: [`${which}.${hello}.test`],
        rules: [{ name: 'serving', backendRefs }],
      },
    });
}

test('a release whose holder stopped is seen, and ends when somebody goes on with it', async () => {
  await makeVersion('old', '2026-11-26T09:00:00.000Z');
  await makeVersion('new');
  await makeRoutes({ new: 25, old: 75 });
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `${hello}-release`, namespace: name },
  };
  const held = await takeLease(cluster, lease.metadata, 'd1 on runner-7', new AbortController().signal);
  if (isTaken(held)) throw new Error(`held by ${held.holder}`);
  made.push(lease);
  const view = () => views.deployments({ service: hello }).items[0];
  await eventually(() => expect(view()).toMatchObject({ brokenOff: undefined, goBack: { from: ['new'], to: 'old' } }));
  // its process is gone and renews no more; what the holder wrote last says how long that may last
  await held.release();
  const stopped = {
    holderIdentity: 'd1 on runner-7',
    leaseDurationSeconds: 1,
    renewTime: new Date().toISOString().replace('Z', '000Z'),
  };
  await patchLease(lease, stopped);
  await new Promise(resolve => setTimeout(resolve, 1500));
  // another release in the namespace: the cluster is heard, and not of this lease
  const other = { ...lease, metadata: { ...lease.metadata, name: `${name}-release` } };
  await make({ ...other, metadata: { ...other.metadata, labels: { 'app.kubernetes.io/managed-by': 'fairway' } } });
  await eventually(() =>
    expect(view()).toMatchObject({
      brokenOff: { holder: 'd1 on runner-7', released: 'old', candidates: [{ revision: 'new', weight: 25 }] },
    }),
  );
  expect(views.brokenOff()).toMatchObject([{ deployment: { service: hello, namespace: name }, actions: false }]);
  await patchLease(lease, { holderIdentity: 'd2 on runner-8', leaseDurationSeconds: 30 });
  await eventually(() => expect(view()).toMatchObject({ brokenOff: undefined }));
});

function patchLease(lease: KubernetesObject, spec: object): Promise<unknown> {
  return cluster
    .path(lease)
    .then(path => cluster.request('PATCH', path, { contentType: 'application/merge-patch+json', body: { spec } }));
}

/** Login of a service account that has the name of its namespace. */
async function loginOf(account: string) {
  const path = `/api/v1/namespaces/${account}/serviceaccounts/${account}`;
  const { status } = await cluster.request<{ status: { token: string } }>('POST', `${path}/token`, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
  });
  const authority = loadKubeconfig(kubernetes.kubeconfig, kubernetes.context).getCurrentCluster();
  const caData = authority?.caData ?? readFileSync(authority?.caFile ?? '').toString('base64');
  return { url: cluster.server, serviceAccountToken: status.token, caData };
}

function shipped(file: string): KubernetesObject[] {
  const path = join(__dirname, '../../plugins/fairway-backend/kubernetes', file);
  const text = readFileSync(path, 'utf8').replaceAll('fairway-portal', `${name}-role`).replaceAll('hello-llm', name);
  return parseAllDocuments(text).map(document => document.toJS() as KubernetesObject);
}

test('the role that is shipped is enough, and does not let the portal read secrets', async () => {
  await make(...shipped('cluster-role.yaml'));
  const uid = await clusterUid(cluster);
  const limited = watch({ ...(await loginOf(`${name}-role`)), name: 'role' });
  await eventually(() => {
    expect(limited.capacity().clusters).toMatchObject([{ name: 'role', state: 'live', uid }]);
    expect(limited.capacity().clusters[0]).not.toHaveProperty('message');
    expect(limited.deployments({ service: name }).items).toHaveLength(1);
  });
  const review = await cluster.request<{ status: { allowed: boolean } }>(
    'POST',
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    {
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: `system:serviceaccount:${name}-role:${name}-role`,
          resourceAttributes: { verb: 'list', resource: 'secrets' },
        },
      },
    },
  );
  expect(review.status.allowed).toBe(false);
});

test('the role for actions is enough to go back, there alone, and the role for looking is not', async () => {
  const login = await loginOf(`${name}-role`);
  const portal = watch({ ...login, name: 'role', actions: true });
  expect(watch({ ...login, name: 'role' }).writable('role')).toBeUndefined();
  const limited = portal.writable('role');
  if (!limited) throw new Error('the portal may not move traffic');
  const back = () =>
    rollback(
      limited,
      { namespace: name, name: hello },
      {
        revision: 'old',
        keep: 600,
        holder: `test ${Math.random()}`,
        signal: new AbortController().signal,
        now: () => new Date(),
        progress: () => {},
      },
    );
  // the release of the test before holds the lease
  await patchLease(
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: `${hello}-release`, namespace: name } },
    { holderIdentity: null },
  );
  await expect(back()).rejects.toThrow(ToolError);
  await make(...shipped('actions-role.yaml'));
  // rights take a moment to be known to the server
  await eventually(async () => expect(await back()).toEqual({ revision: 'old', from: ['new'] }));
  const route = await cluster.get<HttpRoute>({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: `${hello}-chat`, namespace: name },
  });
  expect(sharesOf(route, hello)).toEqual(
    new Map([
      ['new', 0],
      ['old', 100],
    ]),
  );
  await expect(
    rollback(
      limited,
      { namespace: 'default', name: hello },
      { keep: 1, signal: new AbortController().signal, now: () => new Date(), progress: () => {} },
    ),
  ).rejects.toThrow(/403/);
});
