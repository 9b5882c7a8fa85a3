import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Condition, Deployment, KubernetesObject, Pod } from '@fairway/clients/kubernetes/index';
import { remove } from '@fairway/targets/removal';
import { startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { isGated, startControllerManager, startPods, until } from '../controllers.ts';
import { applyKServeBase, startKServe } from '../kserve.ts';
import { startKueue } from '../kueue.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import {
  kserveBase,
  kserveController,
  kserveDefinitions,
  kueueController,
  kueueDefinitions,
} from '../upstream-parts.ts';

// both controllers themselves: 300 and 225 s of CPU to build
jest.setTimeout(40 * 60_000);

const { signal } = new AbortController();
const apiVersion = 'kueue.x-k8s.io/v1beta2';
const running: { stop(): Promise<void> }[] = [];
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  const parts = await bringParts(
    ['kubernetes'],
    [kserveDefinitions, kserveBase, kserveController, kueueDefinitions, kueueController],
  );
  root = await mkdtemp(join(tmpdir(), 'fairway-kserve-queue-'));
  const folder = join(root, 'server');
  await mkdir(folder);
  server = await startBareApiServer(parts.get('kubernetes')!, folder);
  running.push(startControllerManager(parts.get('kubernetes')!, folder, server.kubeconfig));
  running.push(await startKServe(parts, folder, server));
  await applyKServeBase(parts, server);
  // as docs/workloads.md says: each pod is a request of its own
  running.push(await startKueue(parts, folder, server, ['pod', 'deployment']));
});

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('the pods of an LLMInferenceService wait in their LocalQueue, run when admitted, and go with the service', async () => {
  const { cluster } = server;
  await queueOf('queued', 8);
  const kubelet = startPods(cluster, 'queued');
  try {
    const { said, done } = deploy('queued');
    await said(/waits for its queue .*insufficient unused quota for nvidia\.com\/gpu in flavor queued, 8 more needed/);
    // each pod is a request of its own, and the first has the quota
    const waiting = await podsOf('queued');
    expect(waiting).toHaveLength(2);
    expect(waiting.map(({ metadata }) => metadata.labels?.['kueue.x-k8s.io/queue-name'])).toEqual(['gpus', 'gpus']);
    expect(waiting.filter(isGated)).toHaveLength(1);
    expect(await admittedRequests('queued')).toBe(1);

    await queueOf('queued', 16);
    const first = await done;
    expect(first).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
    expect((await podsOf('queued')).filter(isGated)).toEqual([]);
    expect(await admittedRequests('queued')).toBe(2);

    // what Kueue adds to the pods is not taken back and added again by two controllers in turn
    const made = await deploymentOf('queued', first.outputs['deployment']!);
    const uids = (await podsOf('queued')).map(({ metadata }) => metadata.uid).sort();
    await new Promise(resolve => setTimeout(resolve, 10_000));
    expect((await deploymentOf('queued', first.outputs['deployment']!)).metadata.generation).toBe(
      made.metadata.generation,
    );
    expect((await podsOf('queued')).map(({ metadata }) => metadata.uid).sort()).toEqual(uids);

    // a second version asks for quota of its own, beside the first
    await queueOf('queued', 32);
    expect(await deploy('queued', 'serving: { sequences: 8 }\n').done).toMatchObject({
      verdict: 'pass',
      outputs: { previous: first.outputs['revision'], pods: '2' },
    });
    expect(await admittedRequests('queued')).toBe(4);

    await remove(cluster, { namespace: 'queued', name: 'queued' }, undefined, { signal, progress: () => undefined });
    await until('the end of the pods', async () => (await podsOf('queued')).length === 0);
    await until('the end of their requests', async () => (await requestsOf('queued')).length === 0);
  } finally {
    await kubelet.stop();
  }
});

test('a version that is larger than its queue ever admits is given up in the words of the queue', async () => {
  await queueOf('large', 4);
  const kubelet = startPods(server.cluster, 'large');
  try {
    const { verdict, reason } = await deploy('large', 'startup: { schedulingSeconds: 5 }\n').done;
    expect(reason).toMatch(
      /waiting does not change that: .*insufficient quota for nvidia\.com\/gpu .*> maximum capacity/,
    );
    expect(verdict).toBe('fail');
    await until('the end of the pods', async () => (await podsOf('large')).length === 0);
  } finally {
    await kubelet.stop();
  }
});

interface Request extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

function requestsOf(namespace: string): Promise<readonly Request[]> {
  return server.cluster.list<Request>(apiVersion, 'Workload', namespace);
}

async function admittedRequests(namespace: string): Promise<number> {
  const isAdmitted = ({ status }: Request) =>
    status?.conditions?.some(one => one.type === 'Admitted' && one.status === 'True');
  return (await requestsOf(namespace)).filter(isAdmitted).length;
}

/** That are not ending. */
async function podsOf(namespace: string): Promise<readonly Pod[]> {
  const found = await server.cluster.list<Pod>('v1', 'Pod', namespace);
  return found.filter(({ metadata }) => !metadata.deletionTimestamp);
}

async function deploymentOf(namespace: string, version: string): Promise<Deployment> {
  const metadata = { namespace, name: `${version}-kserve` };
  return (await server.cluster.get<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment', metadata }))!;
}

async function queueOf(name: string, gpus: number): Promise<void> {
  const quota = { cpu: '1k', memory: '10Ti', 'nvidia.com/gpu': String(gpus) };
  const resources = Object.entries(quota).map(([resource, nominalQuota]) => ({ name: resource, nominalQuota }));
  await applyObjects(server.cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    { apiVersion, kind: 'ResourceFlavor', metadata: { name } },
    {
      apiVersion,
      kind: 'ClusterQueue',
      metadata: { name },
      spec: {
        namespaceSelector: {},
        resourceGroups: [{ coveredResources: Object.keys(quota), flavors: [{ name, resources }] }],
      },
    },
    { apiVersion, kind: 'LocalQueue', metadata: { name: 'gpus', namespace: name }, spec: { clusterQueue: name } },
  ]);
}

/** A delivery with what it says meanwhile. */
function deploy(name: string, more = '') {
  const lines: string[] = [];
  const run = async () => {
    const reference = `hf://team/large@${'0'.repeat(40)}`;
    const folder = await serviceFolder(
      root,
      name,
      `model: { name: large, reference: '${reference}', weights: { from: volume, claim: models } }
resources: { replicas: 2, gpu: { class: nvidia-h100-80gb, count: 8 } }
workload: { kind: LLMInferenceService, queue: gpus }
${more}`,
    );
    const image = `registry.example.com/large@sha256:${'cd'.repeat(32)}`;
    const inputs = { image, context: server.context, kubeconfig: server.kubeconfig };
    return runLoadedStage('deploy', folder, inputs, line => lines.push(line));
  };
  return {
    done: run(),
    said: (words: RegExp) =>
      until(`${words}`, async () => lines.some(line => words.test(line))).catch((error: unknown) => {
        throw new Error(`last said: ${lines.at(-1)}`, { cause: error });
      }),
  };
}
