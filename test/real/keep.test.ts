import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import { keepFor, keepForGood } from '@fairway/targets/workload/keep';
import { platform } from '../e2e/platform.ts';

const service = { namespace: 'keep-test', name: 'chat' };
let cluster: Cluster;

beforeAll(async () => {
  cluster = await connectCluster(platform.kubernetes);
  // as deploy makes it: what the timer asks for must be allowed there
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await applyObjects(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: service.namespace, labels } }]);
});

afterAll(async () => {
  await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: service.namespace } });
});

/** A version without pods. */
async function version(revision: string) {
  const labels = revisionLabels(service.name, revision);
  const metadata = { name: versionName(service.name, revision), namespace: service.namespace, labels };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'engine', image: 'none' }] } };
  await applyObjects(cluster, [
    { ...deployment, spec: { replicas: 0, selector: { matchLabels: labels }, template } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 80 }] } },
  ]);
  return {
    deployment: () => cluster.get(deployment),
    service: () => cluster.get({ apiVersion: 'v1', kind: 'Service', metadata }),
    timer: () =>
      cluster.get({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: `${metadata.name}-keep`, namespace: service.namespace },
      }),
  };
}

test('a version goes by itself when its time is over, and the Service that its route names stays', async () => {
  const kept = await version('a');
  await keepFor(cluster, service, 'a', 3);
  expect(await kept.deployment()).toBeDefined();
  while ((await kept.deployment()) ?? (await kept.timer())) await new Promise(resolve => setTimeout(resolve, 500));
  expect(await kept.service()).toBeDefined();
});

test('a version that is wanted again stays', async () => {
  const kept = await version('b');
  await keepFor(cluster, service, 'b', 5);
  await keepForGood(cluster, service, 'b');
  await new Promise(resolve => setTimeout(resolve, 10_000));
  expect(await kept.timer()).toBeUndefined();
  expect(await kept.deployment()).toBeDefined();
  expect(await kept.service()).toBeDefined();
});
