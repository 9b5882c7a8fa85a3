import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { applyObjects, getWorkload, releasedAnnotation, releasedAtAnnotation } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ownedBy } from '@fairway/clients/kubernetes/owner';
import { strategicMerge } from '@fairway/clients/kubernetes/strategic-merge';
import { bringParts } from '../bring-parts.ts';
import { remove } from '@fairway/targets/removal';
import { keepFor, keepForGood } from '@fairway/targets/workload/keep';
import { versions } from '@fairway/targets/workload/versions';
import { applyDefinitions, definitionsOf, readyPods, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { kserveBase, kserveDefinitions, leaderWorkerSetDefinitions, rolloutDefinitions } from '../upstream-parts.ts';

jest.setTimeout(240_000);

const { signal } = new AbortController();
let parts: ReadonlyMap<string, string>;
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  parts = await bringParts(
    ['kubernetes'],
    [rolloutDefinitions, leaderWorkerSetDefinitions, kserveDefinitions, kserveBase],
  );
  root = await mkdtemp(join(tmpdir(), 'fairway-workloads-'));
  await mkdir(join(root, 'server'));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
});

afterAll(async () => {
  await server?.stop();
  await rm(root, { recursive: true });
});

const rollout = 'workload: { kind: Rollout }\n';
const several = 'workload: { kind: LeaderWorkerSet, nodes: 2 }\n';
const kserve = 'workload: { kind: LLMInferenceService }\n';

test('a cluster that does not serve the kind is reported before anything is made', async () => {
  const { verdict, reason } = await deliver('fleet', several);
  expect(verdict).toBe('fail');
  expect(reason).toBe(
    'The cluster of context "bare" does not serve LeaderWorkerSet (leaderworkerset.x-k8s.io/v1), which `workload.kind` asks for. Have LeaderWorkerSet (https://lws.sigs.k8s.io) installed there, or choose another kind in fairway.yaml.',
  );
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fleet' } };
  expect(await server.cluster.get(namespace)).toBeUndefined();
});

test.each([
  ['Rollout', rollout, 'argoproj.io/v1alpha1'],
  ['LeaderWorkerSet', several, 'leaderworkerset.x-k8s.io/v1'],
  ['LLMInferenceService', kserve, 'serving.kserve.io/v1alpha2'],
])(
  'a version of a %s follows one of a Deployment, and one of a Deployment follows it',
  async (kind, more, apiVersion) => {
    const { cluster } = server;
    await defineKinds(cluster);
    const name = `assistant-${kind.toLowerCase()}`;
    const first = await deliver(name, '');
    expect(first).toMatchObject({ verdict: 'pass', outputs: { previous: '', pods: '2' } });
    await released(cluster, name, first.outputs['revision']!);

    const second = await deliver(name, more);
    expect(second).toMatchObject({ verdict: 'pass', outputs: { previous: first.outputs['revision'], pods: '2' } });
    const metadata = { namespace: name, name: second.outputs['deployment']! };
    expect(await getWorkload(cluster, metadata)).toMatchObject({ apiVersion, kind, spec: { replicas: 2 } });
    expect(await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', metadata })).toBeUndefined();
    // the same again is the same version
    expect((await deliver(name, more)).outputs).toMatchObject(second.outputs);
    await released(cluster, name, second.outputs['revision']!);

    const third = await deliver(name, 'serving: { sequences: 8 }\n');
    expect(third).toMatchObject({ verdict: 'pass', outputs: { previous: second.outputs['revision'] } });
    const found = await versions(cluster, name, name);
    expect(new Set(found.map(one => one.kind))).toEqual(new Set(['Deployment', kind]));

    const service = { namespace: name, name };
    await keepFor(cluster, service, second.outputs['revision']!, 600);
    expect((await getWorkload(cluster, metadata))?.metadata.ownerReferences).toMatchObject([{ kind: 'Job' }]);
    await keepForGood(cluster, service, second.outputs['revision']!);
    expect((await getWorkload(cluster, metadata))?.metadata.ownerReferences).toBeUndefined();

    await remove(cluster, service, undefined, { signal, progress: () => undefined });
    expect(await versions(cluster, name, name)).toEqual([]);
  },
);

test('a version that does not start is removed, whatever runs its pods', async () => {
  const { cluster } = server;
  await defineKinds(cluster);
  const failed = await deliver('broken', `${several}startup: { schedulingSeconds: 1 }\n`, { starts: false });
  expect(failed.verdict).toBe('fail');
  expect(failed.reason).toMatch(/No controller has looked at the LeaderWorkerSet broken-[0-9a-f]{8}: see whether/);
  expect(await versions(cluster, 'broken', 'broken')).toEqual([]);
});

test('a cluster takes the claims of a version, which its pods name', async () => {
  const { cluster } = server;
  const deployed = await deliver('claiming', '', { deviceClass: 'gpu.nvidia.com' });
  expect(deployed.verdict).toBe('pass');
  const metadata = { namespace: 'claiming', name: deployed.outputs['deployment']! };
  const template = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaimTemplate', metadata };
  expect((await cluster.get(template))?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment' }]);
  expect(await getWorkload(cluster, metadata)).toMatchObject({
    spec: { template: { spec: { resourceClaims: [{ resourceClaimTemplateName: metadata.name }] } } },
  });
  // a claim that asks for something else is another version
  const other = await deliver('claiming', '', { deviceClass: 'shared.example.com' });
  expect(other.outputs['revision']).not.toBe(deployed.outputs['revision']);
});

interface InferenceService extends KubernetesObject {
  readonly spec: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly template: Readonly<Record<string, unknown>>;
  };
}

// as the controller of KServe 0.20 makes it (pkg/controller/v1alpha2/llmisvc/workload_single_node.go)
test('a cluster takes the Deployment that KServe makes of a version, which is none itself', async () => {
  const { cluster } = server;
  await defineKinds(cluster);
  // the cluster here does not mount images
  const deployed = await deliver('inferred', kserve, { model: ', weights: { from: volume, claim: models }' });
  expect(deployed).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
  const metadata = { namespace: 'inferred', name: deployed.outputs['deployment']! };
  const found = (await getWorkload(cluster, metadata)) as unknown as InferenceService;
  const { labels, annotations, template } = found.spec;
  const text = await readFile(join(parts.get('kserve-base')!, 'config-llm-template.yaml'), 'utf8');
  const base = parse(
    text.replace(/\{\{ ChildName [^}]*\}\}/, `${metadata.name}-kserve-self-signed-certs`),
  ) as InferenceService;
  const all = {
    ...labels,
    'app.kubernetes.io/component': 'llminferenceservice-workload',
    'app.kubernetes.io/part-of': 'llminferenceservice',
    'kserve.io/component': 'workload',
    'llm-d.ai/role': 'both',
  };
  const made = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'inferred', name: `${metadata.name}-kserve`, labels: all },
    spec: {
      replicas: 2,
      selector: { matchLabels: all },
      template: { metadata: { labels: all, annotations }, spec: strategicMerge(base.spec.template, template) },
    },
  };
  await applyObjects(cluster, [ownedBy(made, found)]);
  expect((await versions(cluster, 'inferred', 'inferred')).map(({ kind }) => kind)).toEqual(['LLMInferenceService']);
  // a garbage collector would take the Deployment too
  const removed = await remove(cluster, { namespace: 'inferred', name: 'inferred' }, undefined, {
    signal,
    progress: () => undefined,
  });
  expect(removed.filter(one => /^(Deployment|LLMInferenceService) /.test(one))).toEqual([
    `LLMInferenceService inferred/${metadata.name}`,
  ]);
});

async function defineKinds(cluster: Cluster): Promise<void> {
  for (const part of ['leader-worker-set-definitions', 'rollout-definitions', 'kserve-definitions'])
    await applyDefinitions(cluster, await definitionsOf(parts.get(part)!));
}

/** What a release leaves behind. */
async function released(cluster: Cluster, name: string, revision: string): Promise<void> {
  const found = await getWorkload(cluster, { namespace: name, name: `${name}-${revision}` });
  await cluster.annotate(found as KubernetesObject, {
    [releasedAnnotation]: 'd',
    [releasedAtAnnotation]: new Date().toISOString(),
  });
}

/**
 * @param options.starts whether somebody says of the pods that they are ready
 * @param options.model  what is said of the model besides
 */
async function deliver(name: string, more: string, { starts = true, model = '', deviceClass = '' } = {}) {
  const folder = await serviceFolder(
    root,
    name,
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}'${model} }
resources: { replicas: 2, gpu: { class: nvidia-h100-80gb, count: 8${deviceClass && `, deviceClass: ${deviceClass}`} } }
${more}`,
  );
  const { context, kubeconfig, cluster } = server;
  const image = `registry.example.com/assistant@sha256:${'cd'.repeat(32)}`;
  const ready = starts ? readyPods(cluster, name) : undefined;
  try {
    return await runLoadedStage('deploy', folder, { image, context, kubeconfig });
  } finally {
    await ready?.stop();
  }
}
