import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster, Deployment } from '@fairway/clients/kubernetes/index';
import { releasedAnnotation, releasedAtAnnotation } from '@fairway/clients/kubernetes/names';
import { bringParts } from '../bring-parts.ts';
import { applyCustomResources } from '@fairway/platform/serving/custom-resources';
import { followUsers, holdPods, letPodsGo } from '@fairway/targets/workload/scaler';
import { readyPods, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { kedaDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

const { signal } = new AbortController();
const paused = 'autoscaling.keda.sh/paused-scale-in';
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  const parts = await bringParts(['kubernetes'], [kedaDefinitions]);
  root = await mkdtemp(join(tmpdir(), 'fairway-scaling-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  await applyCustomResources(server.cluster, parts.get('keda-definitions')!, signal, () => undefined);
});

afterAll(async () => {
  await server?.stop();
  await rm(root, { recursive: true });
});

test('a delivery starts with its pods, and never again says how many a version has', async () => {
  const { cluster } = server;
  const started = await deliver('');
  const name = { namespace: 'assistant', name: `assistant-${started.outputs['revision']}` };
  expect(started).toMatchObject({ verdict: 'pass', outputs: { previous: '' } });
  expect(await replicas(cluster, name)).toBe(3);
  // KEDA's own definition takes the object, unknown fields are errors
  const scaler = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: name };
  expect((await cluster.get(scaler))?.metadata).toMatchObject({
    annotations: { [paused]: 'true' },
    ownerReferences: [{ kind: 'Deployment', name: name.name }],
  });

  // what a release does at its end
  const service = { namespace: 'assistant', name: 'assistant' };
  await letPodsGo(cluster, service, started.outputs['revision']!);
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: name };
  await cluster.annotate(deployment, { [releasedAnnotation]: 'd', [releasedAtAnnotation]: new Date().toISOString() });
  await scaleAs(cluster, name, 7);
  // other limits are no other version
  const again = await deliver('', 9);
  expect(again.outputs['revision']).toBe(started.outputs['revision']);
  expect(await replicas(cluster, name)).toBe(7);
  expect(await cluster.get(scaler)).toMatchObject({ spec: { maxReplicaCount: 9 } });
  expect((await cluster.get(scaler))?.metadata.annotations?.[paused]).toBeUndefined();
  const owners = (await cluster.get(deployment))?.metadata.managedFields ?? [];
  const ofReplicas = owners.filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:replicas'] !== undefined);
  expect(ofReplicas.map(({ manager }) => manager)).not.toContain('fairway');

  await holdPods(cluster, service, started.outputs['revision']!);
  expect((await cluster.get(scaler))?.metadata.annotations?.[paused]).toBe('true');

  const next = await deliver('serving: { sequences: 8 }\n');
  expect(next.outputs).toMatchObject({ previous: started.outputs['revision'] });
  const other = { ...name, name: `assistant-${next.outputs['revision']}` };
  expect(await replicas(cluster, other)).toBe(3);
  expect(await replicas(cluster, name)).toBe(7);

  // what going back does, from wherever
  await letPodsGo(cluster, service, next.outputs['revision']!);
  await followUsers(cluster, service, started.outputs['revision']!, [next.outputs['revision']!]);
  const held = async (metadata: typeof name) =>
    (await cluster.get({ ...scaler, metadata }))?.metadata.annotations?.[paused];
  expect([await held(name), await held(other)]).toEqual([undefined, 'true']);
});

async function deliver(more: string, max = 8) {
  const folder = await serviceFolder(
    root,
    'assistant',
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
resources: { replicas: 3 }
scaling: { min: 2, max: ${max}, prometheus: 'http://prometheus.monitoring:9090' }
${more}`,
  );
  const { context, kubeconfig, cluster } = server;
  const image = `registry.example.com/assistant@sha256:${'cd'.repeat(32)}`;
  const ready = readyPods(cluster, 'assistant');
  try {
    return await runLoadedStage('deploy', folder, { image, context, kubeconfig });
  } finally {
    await ready.stop();
  }
}

async function replicas(cluster: Cluster, metadata: { namespace: string; name: string }): Promise<number | undefined> {
  return (await cluster.get<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', metadata }))?.spec?.replicas;
}

/** As the autoscaler does it: by the subresource, and without asking anybody. */
async function scaleAs(cluster: Cluster, metadata: { namespace: string; name: string }, count: number): Promise<void> {
  const path = await cluster.path({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
  await cluster.request('PATCH', `${path}/scale`, {
    query: { fieldManager: 'kube-controller-manager' },
    body: { spec: { replicas: count } },
    contentType: 'application/merge-patch+json',
  });
}
