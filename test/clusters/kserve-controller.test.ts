import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects, getWorkload } from '@fairway/clients/kubernetes/index';
import type { Deployment, KubernetesObject, Pod } from '@fairway/clients/kubernetes/index';
import { remove } from '@fairway/targets/removal';
import { versions } from '@fairway/targets/workload/versions';
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { startControllerManager, startPods, until } from '../controllers.ts';
import { applyKServeBase, startKServe } from '../kserve.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import { kserveBase, kserveController, kserveDefinitions } from '../upstream-parts.ts';

// the controller of LLMInferenceServices itself: 225 s of CPU to build beside Kueue, with which it shares modules
jest.setTimeout(40 * 60_000);

const { signal } = new AbortController();
const running: { stop(): Promise<void> }[] = [];
let parts: ReadonlyMap<string, string>;
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  parts = await bringParts(['kubernetes'], [kserveDefinitions, kserveBase, kserveController]);
  root = await mkdtemp(join(tmpdir(), 'fairway-kserve-'));
  const folder = join(root, 'server');
  await mkdir(folder);
  // off by default before Kubernetes 1.35
  server = await startBareApiServer(parts.get('kubernetes')!, folder, { 'feature-gates': 'ImageVolume=true' });
  running.push(startControllerManager(parts.get('kubernetes')!, folder, server.kubeconfig));
  running.push(await startKServe(parts, folder, server));
});

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes: readonly {
    readonly name: string;
    readonly image?: object;
    readonly persistentVolumeClaim?: object;
  }[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly livenessProbe: object;
  readonly readinessProbe: object;
  readonly startupProbe: object;
  readonly lifecycle: object;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly mountPath: string; readonly name: string; readonly subPath?: string }[];
  readonly [field: string]: unknown;
}

interface ServiceObject extends KubernetesObject {
  readonly spec: { readonly selector: Readonly<Record<string, string>>; readonly ports: readonly object[] };
}

test('a version waits for the base configuration of KServe, which is named', async () => {
  const kubelet = startPods(server.cluster, 'early');
  try {
    const { said, done } = deliver('early', fromVolume);
    await said(
      /KServe does not run the LLMInferenceService early-[0-9a-f]{8}: PresetsCombined is false \(ConfigNotFound\): LLMInferenceServiceConfig "kserve-config-llm-template" not found/,
    );
    await applyKServeBase(parts, server);
    expect(await done).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
  } finally {
    await kubelet.stop();
  }
});

test('a version makes its pods, a second one beside it, and both go with the service', async () => {
  const { cluster } = server;
  const service = { namespace: 'inferred', name: 'inferred' };
  const kubelet = startPods(cluster, 'inferred');
  try {
    const first = await deliver('inferred', fromVolume).done;
    expect(first).toMatchObject({ verdict: 'pass', outputs: { previous: '', pods: '2' } });
    const name = first.outputs['deployment']!;
    const found = await getWorkload(cluster, { namespace: 'inferred', name });
    expect(found).toMatchObject({
      kind: 'LLMInferenceService',
      status: { workloads: { primary: { kind: 'Deployment', name: `${name}-kserve`, readyReplicas: 2 } } },
    });
    const made = await deployment('inferred', name);
    expect(made.metadata.ownerReferences).toMatchObject([{ kind: 'LLMInferenceService', name }]);

    // the Service of the version reaches its pods, and the one that KServe makes reaches none
    const pods = await podsOf('inferred');
    expect(pods).toHaveLength(2);
    const [ours, theirs] = await Promise.all([
      serviceOf('inferred', name),
      serviceOf('inferred', `${name}-kserve-workload-svc`),
    ]);
    expect(reached(ours, pods)).toHaveLength(2);
    expect(reached(theirs, pods)).toEqual([]);

    // the same again is the same version, and nobody writes its Deployment anew
    const { outputs } = await deliver('inferred', fromVolume).done;
    expect(outputs).toMatchObject(first.outputs);
    expect((await deployment('inferred', name)).metadata.generation).toBe(made.metadata.generation);
    expect((await podsOf('inferred')).map(({ metadata }) => metadata.uid).sort()).toEqual(
      pods.map(({ metadata }) => metadata.uid).sort(),
    );

    const second = await deliver('inferred', `${fromVolume}serving: { sequences: 8 }\n`).done;
    expect(second).toMatchObject({ verdict: 'pass', outputs: { previous: first.outputs['revision'], pods: '2' } });
    expect(await podsOf('inferred')).toHaveLength(4);
    expect(reached(ours, await podsOf('inferred'))).toHaveLength(2);

    await remove(cluster, service, undefined, { signal, progress: () => undefined });
    // KServe lets go of it after a look of its own
    await until('the end of the versions', async () => (await versions(cluster, 'inferred', 'inferred')).length === 0);
    await until('the end of the pods', async () => (await podsOf('inferred')).length === 0);
    await until(
      'the end of what KServe made',
      async () => (await cluster.list('v1', 'Secret', 'inferred')).length === 0,
    );
    expect(await cluster.list('v1', 'Service', 'inferred')).toEqual([]);
  } finally {
    await kubelet.stop();
  }
});

test('the container is the one of the version, with what its base has besides', async () => {
  const kubelet = startPods(server.cluster, 'merged');
  try {
    const engine = "engine: { name: vllm, arguments: ['--chat-template={{ .Spec }}'] }";
    const deployed = await deliver('merged', fromVolume, engine).done;
    expect(deployed).toMatchObject({ verdict: 'pass' });
    const { containers, volumes } = await podOf('merged', deployed.outputs['deployment']!);
    expect(containers).toHaveLength(1);
    const [main] = containers as [Container];
    expect(main).toMatchObject({ name: 'main', image, resources: { limits: { 'nvidia.com/gpu': '8' } } });
    // of the base: a shell that starts another vLLM
    expect(JSON.stringify(main.command)).not.toContain('bash');
    expect(main.args).toContain('--chat-template={{ .Spec }}');
    for (const probe of [main.livenessProbe, main.readinessProbe, main.startupProbe])
      expect(probe).toMatchObject({ httpGet: { path: '/health', port: 'http', scheme: 'HTTP' } });
    expect(main.lifecycle).toMatchObject({ preStop: { exec: { command: ['sleep', expect.any(String)] } } });
    const values = Object.fromEntries(main.env.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ HOME: '/tmp', HF_HUB_CACHE: '/tmp/hub', VLLM_LOGGING_LEVEL: 'INFO' });
    // each path once, and of our volumes where both have one
    const paths = main.volumeMounts.map(({ mountPath }) => mountPath);
    expect(paths).toEqual([...new Set(paths)]);
    const claimed = volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim);
    expect(claimed).toMatchObject({ persistentVolumeClaim: { claimName: 'models' } });
    expect(main.volumeMounts.find(({ name }) => name === claimed!.name)?.mountPath).toMatch(/^\/models/);
  } finally {
    await kubelet.stop();
  }
});

test('a model in the image comes as a volume of that image, over the empty folder of the base', async () => {
  const kubelet = startPods(server.cluster, 'imaged');
  try {
    const deployed = await deliver('imaged', inImage).done;
    expect(deployed).toMatchObject({ verdict: 'pass' });
    const { containers, volumes } = await podOf('imaged', deployed.outputs['deployment']!);
    const mounts = containers[0]!.volumeMounts.filter(({ mountPath }) => mountPath === '/models');
    expect(mounts).toMatchObject([{ subPath: 'models', readOnly: true }]);
    expect(volumes.find(({ name }) => name === mounts[0]!.name)).toMatchObject({ image: { reference: image } });
  } finally {
    await kubelet.stop();
  }
});

// so long that KServe shortens the name of the Deployment
const short = `short-${'x'.repeat(42)}`;

test('pods that the quota does not allow are named', async () => {
  await applyObjects(server.cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: short } },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: short, name: 'gpus' },
      spec: { hard: { 'requests.nvidia.com/gpu': '8' } },
    },
  ]);
  const kubelet = startPods(server.cluster, short);
  try {
    const deployed = await deliver(short, `${fromVolume}startup: { schedulingSeconds: 20 }\n`).done;
    expect(deployed.verdict).toBe('fail');
    expect(deployed.reason).toMatch(
      /The quota of the namespace does not allow the pods: .*exceeded quota: gpus, requested: requests\.nvidia\.com\/gpu=8/,
    );
    await until('the end of the pods', async () => (await podsOf(short)).length === 0);
  } finally {
    await kubelet.stop();
  }
});

const image = `registry.example.com/large@sha256:${'cd'.repeat(32)}`;
const reference = `hf://team/large@${'0'.repeat(40)}`;
const inImage = `model: { name: large, reference: '${reference}' }\n`;
const fromVolume = `model: { name: large, reference: '${reference}', weights: { from: volume, claim: models } }\n`;

async function deployment(namespace: string, version: string): Promise<Deployment> {
  const metadata = { namespace, name: `${version}-kserve` };
  return (await server.cluster.get<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', metadata }))!;
}

async function serviceOf(namespace: string, name: string): Promise<ServiceObject> {
  return (await server.cluster.get<ServiceObject>({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
  }))!;
}

function reached({ spec: { selector } }: ServiceObject, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ metadata: { labels = {} } }) =>
    Object.entries(selector).every(([label, value]) => labels[label] === value),
  );
}

/** That are not ending. */
async function podsOf(namespace: string): Promise<readonly Pod[]> {
  const found = await server.cluster.list<Pod>('v1', 'Pod', namespace);
  return found.filter(({ metadata }) => !metadata.deletionTimestamp);
}

async function podOf(namespace: string, version: string): Promise<PodSpec> {
  const { spec } = await deployment(namespace, version);
  return (spec?.template as unknown as { readonly spec: PodSpec }).spec;
}

/**
 * A delivery with what it says meanwhile.
 * @param more lines of fairway.yaml
 */
function deliver(name: string, more: string, engine = 'engine: { name: vllm }') {
  const lines: string[] = [];
  const run = async () => {
    const folder = await serviceFolder(
      root,
      name,
      `resources: { replicas: 2, gpu: { class: nvidia-h100-80gb, count: 8 } }
workload: { kind: LLMInferenceService }
${more}`,
    );
    const file = join(folder, 'fairway.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('engine: { name: vllm }', engine));
    const inputs = { image, context: server.context, kubeconfig: server.kubeconfig };
    return runLoadedStage('deploy', folder, inputs, line => lines.push(line));
  };
  return {
    done: run(),
    said: (words: RegExp) => until(`${words}`, async () => lines.some(line => words.test(line))),
  };
}
