import { readFileSync } from 'node:fs';
import { applyObjects, connectCluster, removeObjects, watchRollout } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { PlatformState } from '@fairway/platform';

const { kubernetes } = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as PlatformState;
const name = `fairway-test-${process.pid}`;
const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
const settings = (data: Record<string, unknown>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: name },
  data,
});

let cluster: Cluster;

beforeAll(async () => {
  cluster = await connectCluster(kubernetes);
});

afterAll(async () => {
  await removeObjects(cluster, [namespace]);
});

test('a refused object leaves nothing behind, not even the namespace of the others', async () => {
  const refused = settings({ key: ['a list is no text'] });
  const good = { ...settings({ key: 'text' }), metadata: { name: 'good', namespace: `${name}-new` } };
  const fresh = { ...namespace, metadata: { name: `${name}-new` } };
  await expect(
    applyObjects(cluster, [fresh, good, { ...refused, metadata: { name: 'bad', namespace: `${name}-new` } }]),
  ).rejects.toThrow(/dry run of ConfigMap .*-new\/bad/);
  const left = await cluster.get(fresh);
  expect(left === undefined || left.metadata.deletionTimestamp !== undefined).toBe(true);
});

test('objects are made once, and a field of another manager is not taken', async () => {
  const wished = settings({ key: 'ours' });
  expect((await applyObjects(cluster, [namespace, wished])).map(one => one.created)).toEqual([true, true]);
  expect((await applyObjects(cluster, [namespace, wished])).map(one => one.changed)).toEqual([false, false]);
  await expect(applyObjects(cluster, [settings({ key: 'theirs' })], { fieldManager: 'somebody' })).rejects.toThrow(
    /conflict.*"fairway".*force-conflicts/s,
  );
  expect((await cluster.get(wished))?.data).toEqual({ key: 'ours' });
});

test('annotations of our own survive the next apply', async () => {
  const wished = settings({ key: 'ours' });
  await cluster.annotate(wished, { 'fairway.dev/released-by': 'delivery' });
  await applyObjects(cluster, [wished]);
  expect((await cluster.get(wished))?.metadata.annotations).toEqual({ 'fairway.dev/released-by': 'delivery' });
});

test('an image that is not there is said within seconds', async () => {
  const labels = { app: 'absent' };
  const deployment: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'absent', namespace: name },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'engine', image: 'localhost/fairway-test/absent:1', imagePullPolicy: 'Never' }] },
      },
    },
  };
  await applyObjects(cluster, [deployment]);
  const result = await watchRollout(cluster, {
    namespace: name,
    deployment: 'absent',
    podLabels: labels,
    limits: { scheduling: 60, pulling: 60, loading: 60 },
  });
  expect(result).toMatchObject({ ready: false, cause: expect.stringContaining('absent') });
});

test('an address left taken for a Service that was never stored is waited for; that of another Service is not', async () => {
  const clusterIP = '10.96.0.77';
  const service = (service: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service, namespace: name },
    spec: { clusterIP, selector: { app: 'absent' }, ports: [{ port: 80 }] },
  });
  const address: KubernetesObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: {
      name: clusterIP,
      labels: {
        'ipaddress.kubernetes.io/ip-family': 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    },
    spec: { parentRef: { group: '', resource: 'services', namespace: name, name: 'left' } },
  };
  await applyObjects(cluster, [namespace, address]);
  await expect(applyObjects(cluster, [service('other')])).rejects.toThrow(/already allocated/);
  const repaired = setTimeout(() => void cluster.remove(address), 2000);
  const [applied] = await applyObjects(cluster, [service('left')]);
  clearTimeout(repaired);
  expect(applied?.object.spec).toMatchObject({ clusterIP });
});

test('unknown contexts, kinds and objects', async () => {
  await expect(connectCluster({ ...kubernetes, context: 'nowhere' })).rejects.toThrow(/the contexts there are/);
  await expect(cluster.list('example.dev/v1', 'Nothing')).rejects.toThrow(/does not serve this kind/);
  expect(
    await cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'none', namespace: name } }),
  ).toBeUndefined();
  expect(await cluster.serves('gateway.networking.k8s.io/v1', 'HTTPRoute')).toBe(true);
});
