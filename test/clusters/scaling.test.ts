import { createServer } from 'node:https';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, Condition, Deployment, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { releasedAnnotation, releasedAtAnnotation } from '@fairway/clients/kubernetes/names';
import { bringParts } from '../bring-parts.ts';
import { applyCustomResources } from '@fairway/platform/serving/custom-resources';
import { loadService } from '@fairway/service';
import { followUsers, holdPods, letPodsGo, missingScaler } from '@fairway/targets/workload/scaler';
import { readyPods, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { certify } from '../certify.ts';
import { startControllerManager, startPods, until } from '../controllers.ts';
import { inEnglish } from '../fixtures/in-english.ts';
import { listen } from '../loopback.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { kedaDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

const { signal } = new AbortController();
const paused = 'autoscaling.keda.sh/paused-scale-in';
const waiting = 'fairway_requests_waiting';
let root: string;
let server: BareApiServer;
let parts: ReadonlyMap<string, string>;

beforeAll(async () => {
  parts = await bringParts(['kubernetes'], [kedaDefinitions]);
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

describe('with metrics of pods', () => {
  /** Requests that wait in each pod, as an adapter says it; no metric at all before there is one. */
  let each: number | undefined;
  const running: { stop(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    const { certificate: cert, key } = await certify(root, 'adapter');
    const adapter = createServer({ cert, key }, ({ url = '' }, response) => {
      const answer = answerOf(decodeURIComponent(new URL(url, 'https://adapter').pathname));
      void Promise.resolve(answer).then(body =>
        response
          .writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
          .end(JSON.stringify(body ?? { kind: 'Status', status: 'Failure', code: 404 })),
      );
    });
    const port = await listen(adapter);
    running.push({ stop: () => new Promise(resolve => adapter.close(resolve).closeAllConnections()) });
    const metadata = { namespace: 'adapter', name: 'adapter' };
    const group = 'custom.metrics.k8s.io';
    const service = await serviceOf('hpa');
    expect(inEnglish(await missingScaler(server.cluster, service)).missing).toMatch(
      /does not serve custom\.metrics\.k8s\.io/,
    );
    await applyObjects(server.cluster, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'adapter' } },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ExternalName', externalName: 'localhost' } },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1beta1.${group}` },
        spec: {
          service: { ...metadata, port },
          ...{ group, version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
          insecureSkipTLSVerify: true,
        },
      },
    ]);
    await until('the adapter', async () => {
      const found = await missingScaler(server.cluster, service).catch((error: Error) => error);
      return !(found instanceof Error) && found.unknown !== undefined;
    });
    each = 0;
    expect(await missingScaler(server.cluster, service)).toEqual({});
    running.push(
      startControllerManager(parts.get('kubernetes')!, root, server.kubeconfig, [
        '--horizontal-pod-autoscaler-sync-period=1s',
      ]),
      startPods(server.cluster, 'hpa'),
    );
  });

  afterAll(async () => {
    for (const one of running.reverse()) await one.stop();
  });

  /** The part of the metrics API that discovery and the autoscaler ask for: every pod of the namespace has as much. */
  async function answerOf(path: string): Promise<object | undefined> {
    const root = '/apis/custom.metrics.k8s.io/v1beta1';
    const names = each === undefined ? [] : [waiting, 'fairway_kv_cache_usage'];
    if (path === root)
      return {
        ...{ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'custom.metrics.k8s.io/v1beta1' },
        resources: names.map(name => ({
          ...{ name: `pods/${name}`, singularName: '', namespaced: true, kind: 'MetricValueList', verbs: ['get'] },
        })),
      };
    const name = names.find(one => path === `${root}/namespaces/hpa/pods/*/${one}`);
    if (name === undefined) return undefined;
    const pods = await server.cluster.list('v1', 'Pod', 'hpa');
    return {
      ...{ kind: 'MetricValueList', apiVersion: 'custom.metrics.k8s.io/v1beta1', metadata: {} },
      items: pods.map(pod => ({
        describedObject: { kind: 'Pod', apiVersion: '/v1', namespace: 'hpa', name: pod.metadata.name },
        metricName: name,
        timestamp: new Date().toISOString(),
        value: name === waiting ? String(each) : '0',
      })),
    };
  }

  test('the autoscaler of Kubernetes adds pods while a release holds a version, and takes them afterwards', async () => {
    const { cluster } = server;
    const service = await serviceOf('hpa');
    const { context, kubeconfig } = server;
    const image = `registry.example.com/hpa@sha256:${'cd'.repeat(32)}`;
    const started = await runLoadedStage('deploy', join(root, 'hpa'), { image, context, kubeconfig });
    expect(started).toMatchObject({ verdict: 'pass', outputs: { pods: '3' } });
    const revision = started.outputs['revision']!;
    const metadata = { namespace: 'hpa', name: `hpa-${revision}` };
    const scaler = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata };
    interface Autoscaler extends KubernetesObject {
      readonly spec: { readonly behavior: { readonly scaleDown: object } };
    }
    const down = async () => (await cluster.get<Autoscaler>(scaler))?.spec.behavior.scaleDown;
    const becomes = (count: number) =>
      until(`${count} pods`, async () => (await replicas(cluster, metadata)) === count);
    expect((await cluster.get(scaler))?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment' }]);
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 300 }];
    expect(await down()).toMatchObject({ selectPolicy: 'Disabled', stabilizationWindowSeconds: 300, policies });
    each = 4;
    await becomes(6);
    each = 0;
    await letPodsGo(cluster, service, revision);
    expect(await down()).toMatchObject({ selectPolicy: 'Max', policies });
    // nobody waits for five minutes
    await cluster.request('PATCH', await cluster.path(scaler), {
      query: { fieldManager: 'hurry' },
      body: {
        spec: {
          behavior: { scaleDown: { stabilizationWindowSeconds: 0, policies: [{ ...policies[0], periodSeconds: 1 }] } },
        },
      },
      contentType: 'application/merge-patch+json',
    });
    await becomes(2);
  });

  test('beside an autoscaler of somebody else neither scales, and a delivery says which', async () => {
    const { cluster, context, kubeconfig } = server;
    const image = `registry.example.com/hpa@sha256:${'cd'.repeat(32)}`;
    const again = async () => {
      // what was delivered unchanged would be skipped
      await rm(join(root, 'hpa', '.fairway'), { recursive: true });
      return runLoadedStage('deploy', join(root, 'hpa'), { image, context, kubeconfig });
    };
    // the test before hurried it, and owns those fields
    for (const one of await cluster.list('autoscaling/v2', 'HorizontalPodAutoscaler', 'hpa')) await cluster.remove(one);
    const { outputs } = await again();
    const name = `hpa-${outputs['revision']}`;
    const metadata = { namespace: 'hpa', name: 'chat' };
    const theirs = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata };
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
    await applyObjects(cluster, [{ ...theirs, spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 9 } }]);
    const active = async () => {
      const found = await cluster.get<KubernetesObject & { status?: { conditions?: readonly Condition[] } }>({
        ...theirs,
        metadata: { namespace: 'hpa', name },
      });
      return found?.status?.conditions?.find(({ type }) => type === 'ScalingActive');
    };
    await until('two that count the same pods', async () => (await active())?.reason === 'AmbiguousSelector');
    const denied = await again();
    expect(denied).toMatchObject({ verdict: 'fail' });
    expect(denied.reason).toMatch(/The HorizontalPodAutoscaler hpa\/chat scales hpa-\w+, .* lets neither scale/);
    await cluster.remove(theirs);
    expect(await again()).toMatchObject({ verdict: 'pass' });
    await until('one that counts them', async () => (await active())?.status === 'True');
  });

  async function serviceOf(name: string) {
    const folder = await serviceFolder(
      root,
      name,
      `model: { name: ${name}, reference: 'hf://team/${name}@${'0'.repeat(40)}' }
resources: { replicas: 3 }
scaling: { by: hpa, min: 2, max: 6 }
`,
    );
    return loadService(folder);
  }
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
