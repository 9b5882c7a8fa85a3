import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { roomInCluster } from '@fairway/targets/workload/room';
import { applyDefinitions, definitionsOf, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { inEnglish } from '../fixtures/in-english.ts';
import { tinyService } from '../fixtures/service.ts';
import { kueueDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

interface Definition extends KubernetesObject {
  readonly spec: { readonly versions: readonly { readonly name: string }[] };
}

let definitions: readonly Definition[];
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  const parts = await bringParts(['kubernetes'], [kueueDefinitions]);
  root = await mkdtemp(join(tmpdir(), 'fairway-queues-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  const needed = /^(localqueues|clusterqueues|cohorts|resourceflavors)\./;
  const all = await definitionsOf(parts.get('kueue-definitions')!);
  definitions = all.filter(({ metadata }) => needed.test(metadata.name)) as unknown as readonly Definition[];
});

afterAll(async () => {
  await server?.stop();
  await rm(root, { recursive: true });
});

/** The definitions as a Kueue has them that does not know the newer version: nobody here converts one into the other. */
function upTo(version: string): readonly KubernetesObject[] {
  if (version === 'v1beta2') return definitions;
  return definitions.map(one => {
    const versions = one.spec.versions
      .filter(({ name }) => name === version)
      .map(known => ({ ...known, storage: true }));
    return { ...one, spec: { ...one.spec, versions } };
  });
}

// every field is checked against the definitions of the project; nobody here admits anything
test.each([
  ['kueue.x-k8s.io/v1beta1', 'cohort'],
  ['kueue.x-k8s.io/v1beta2', 'cohortName'],
])('the quotas of a queue of %s are read', async (apiVersion, cohort) => {
  const version = apiVersion.split('/')[1]!;
  await applyDefinitions(server.cluster, upTo(version));
  const cluster = await connectCluster({ kubeconfig: server.kubeconfig, context: server.context });
  const named = (kind: string, name: string, spec: object, namespace?: string) => ({
    apiVersion,
    kind,
    metadata: { name: `${name}-${version}`, ...(namespace === undefined ? {} : { namespace }) },
    spec,
  });
  const labels = { nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-L4' } };
  const quota = (gpus: string, limits: object) => ({
    namespaceSelector: {},
    [cohort]: `all-${version}`,
    resourceGroups: [
      {
        coveredResources: ['cpu', 'memory', 'nvidia.com/gpu'],
        flavors: [
          {
            name: `l4-${version}`,
            resources: [
              { name: 'cpu', nominalQuota: '100' },
              { name: 'memory', nominalQuota: '1Ti' },
              { name: 'nvidia.com/gpu', nominalQuota: gpus, ...limits },
            ],
          },
        ],
      },
    ],
  });
  const namespace = `team-${version}`;
  const queue = named('ClusterQueue', 'team', quota('4', { borrowingLimit: '4' }));
  await applyObjects(cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    named('ResourceFlavor', 'l4', labels),
    named('Cohort', 'all', {}),
    queue,
    named('ClusterQueue', 'other', quota('8', { lendingLimit: '3' })),
    named('LocalQueue', 'gpus', { clusterQueue: `team-${version}` }, namespace),
  ]);
  const look = async (replicas: number) => {
    const resources = { replicas, cpu: '1', memory: '1Gi', gpu: { class: 'nvidia-l4-24gb' } };
    const service = tinyService({ namespace, resources, workload: { queue: `gpus-${version}` } });
    return inEnglish(await roomInCluster(cluster, service));
  };
  // 4 of its own and the 3 that are lent
  expect((await look(8)).missing).toContain(
    `the ClusterQueue team-${version} has quota of nvidia.com/gpu for 7 at most.`,
  );
  await setStatus(cluster, queue, {
    conditions: [condition('Active', 'True', 'Ready', 'Can admit new workloads')],
    flavorsReservation: [{ name: `l4-${version}`, resources: [{ name: 'nvidia.com/gpu', total: '5', borrowed: '1' }] }],
    pendingWorkloads: 2,
  });
  // the nodes, of which there are none, are what is said of the rest
  expect((await look(8)).missing).toContain('for 7 at most.');
  expect((await look(2)).missing).toContain('its nodes have room for 0');
  await setStatus(cluster, queue, {
    conditions: [condition('Active', 'False', 'Stopped', "Can't admit new workloads: is stopped.")],
  });
  const halted = await look(8);
  expect(halted.missing).not.toContain('for 7 at most');
});

async function setStatus(cluster: Cluster, object: KubernetesObject, status: object): Promise<void> {
  await cluster.request('PATCH', `${await cluster.path(object)}/status`, {
    query: { fieldManager: 'status', fieldValidation: 'Strict' },
    body: { status },
    contentType: 'application/merge-patch+json',
  });
}

function condition(type: string, status: string, reason: string, message: string) {
  return { type, status, reason, message, lastTransitionTime: new Date().toISOString() };
}
