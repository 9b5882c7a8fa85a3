import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@fairway/clients/docker/free-port';
import { applyObjects, getWorkload } from '@fairway/clients/kubernetes/index';
import type { Pod } from '@fairway/clients/kubernetes/index';
import { bringParts } from '../bring-parts.ts';
import { remove } from '@fairway/targets/removal';
import { applyDefinitions, definitionsOf, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { startControllerManager, startPods, startProgram, until } from '../controllers.ts';
import { startLeaderWorkerSets } from '../leader-worker-sets.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import {
  leaderWorkerSetController,
  leaderWorkerSetDefinitions,
  rolloutDefinitions,
  rolloutsController,
} from '../upstream-parts.ts';

// the controllers of Argo Rollouts and LeaderWorkerSet themselves: 340 and 215 s of CPU to build
jest.setTimeout(20 * 60_000);

const { signal } = new AbortController();
const running: { stop(): Promise<void> }[] = [];
let parts: ReadonlyMap<string, string>;
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  const upstream = [rolloutDefinitions, leaderWorkerSetDefinitions, rolloutsController, leaderWorkerSetController];
  parts = await bringParts(['kubernetes'], upstream);
  root = await mkdtemp(join(tmpdir(), 'fairway-controllers-'));
  const folder = join(root, 'server');
  await mkdir(folder);
  server = await startBareApiServer(parts.get('kubernetes')!, folder);
  for (const part of [rolloutDefinitions, leaderWorkerSetDefinitions])
    await applyDefinitions(server.cluster, await definitionsOf(parts.get(part.name)!));
  running.push(startControllerManager(parts.get('kubernetes')!, folder, server.kubeconfig));
  await startRollouts(folder);
  running.push(await startLeaderWorkerSets(parts.get('leader-worker-set-controller')!, folder, server));
});

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('a Rollout of a version makes its pods, and gives them up', async () => {
  const { cluster } = server;
  const kubelet = startPods(cluster, 'rolled');
  try {
    const deployed = await deliver('rolled', 'workload: { kind: Rollout }\n');
    expect(deployed).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
    const name = { namespace: 'rolled', name: deployed.outputs['deployment']! };
    // as its controller writes it: text
    expect((await getWorkload(cluster, name))?.status?.observedGeneration).toEqual(expect.any(String));
    expect(await podsOf('rolled')).toHaveLength(2);
    await remove(cluster, { namespace: 'rolled', name: 'rolled' }, undefined, { signal, progress: () => undefined });
    await until('the end of the pods', async () => (await podsOf('rolled')).length === 0);
  } finally {
    await kubelet.stop();
  }
});

test('a LeaderWorkerSet of a version makes groups of pods that find each other, and loses them whole', async () => {
  const { cluster } = server;
  const kubelet = startPods(cluster, 'several');
  try {
    const deployed = await deliver('several', 'workload: { kind: LeaderWorkerSet, nodes: 2 }\n');
    expect(deployed).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
    const name = deployed.outputs['deployment']!;
    const pods = await podsOf('several');
    expect(pods.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['0', '0-1', '1', '1-1'].map(end => `${name}-${end}`),
    );
    // what the arguments of the engine name is there, and each group has its own leader
    const ranks = pods.map(pod => variables(pod)['LWS_WORKER_INDEX']).sort();
    expect(ranks).toEqual(['0', '0', '1', '1']);
    for (const pod of pods) {
      const leader = pod.metadata.name.replace(/-1$/, match => (pod.metadata.name === `${name}-1` ? match : ''));
      expect(variables(pod)['LWS_LEADER_ADDRESS']).toBe(`${leader}.${leader}.several`);
      expect(pod.spec).toMatchObject({ subdomain: leader });
      const headless = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'several', name: leader } };
      expect(await cluster.get(headless)).toMatchObject({
        spec: { clusterIP: 'None', publishNotReadyAddresses: true },
      });
    }
    // the Service of the version is the one that users reach, by the leaders alone
    const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'several', name } });
    const { clusterIP, selector } = service?.['spec'] as { clusterIP: string; selector: Record<string, string> };
    expect(clusterIP).not.toBe('None');
    const reached = pods.filter(({ metadata: { labels = {} } }) =>
      Object.entries(selector).every(([label, value]) => labels[label] === value),
    );
    expect(reached.map(({ metadata }) => metadata.name).sort()).toEqual([`${name}-0`, `${name}-1`]);

    const lost = pods.find(({ metadata }) => metadata.name === `${name}-0-1`)!;
    await cluster.remove(lost);
    const uids = new Set(pods.map(({ metadata }) => metadata.uid));
    await until('a new first group', async () => {
      const now = await podsOf('several');
      const fresh = now.filter(({ metadata }) => !uids.has(metadata.uid)).map(({ metadata }) => metadata.name);
      return now.length === 4 && fresh.sort().join() === `${name}-0,${name}-0-1`;
    });

    await remove(cluster, { namespace: 'several', name: 'several' }, undefined, { signal, progress: () => undefined });
    await until('the end of the pods', async () => (await podsOf('several')).length === 0);
  } finally {
    await kubelet.stop();
  }
});

test('a pod of a group that the quota does not allow is named', async () => {
  const { cluster } = server;
  await applyObjects(cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: 'short', name: 'gpus' },
      spec: { hard: { 'requests.nvidia.com/gpu': '24' } },
    },
  ]);
  const kubelet = startPods(cluster, 'short');
  try {
    const deployed = await deliver('short', 'workload: { kind: LeaderWorkerSet, nodes: 2 }\n');
    expect(deployed.verdict).toBe('fail');
    expect(deployed.reason).toMatch(
      /The quota of the namespace does not allow the pods: .*exceeded quota: gpus, requested: requests\.nvidia\.com\/gpu=8/,
    );
    await until('the end of the pods', async () => (await podsOf('short')).length === 0);
  } finally {
    await kubelet.stop();
  }
});

async function startRollouts(folder: string): Promise<void> {
  const [metrics, health] = await Promise.all([freePort(), freePort()]);
  running.push(
    startProgram(folder, join(parts.get('rollouts-controller')!, 'rollouts-controller'), [
      `--kubeconfig=${server.kubeconfig}`,
      '--leader-elect=false',
      `--metricsPort=${metrics}`,
      `--healthzPort=${health}`,
    ]),
  );
}

/** That are not ending. */
async function podsOf(namespace: string): Promise<readonly Pod[]> {
  const found = await server.cluster.list<Pod>('v1', 'Pod', namespace);
  return found.filter(({ metadata }) => !metadata.deletionTimestamp);
}

function variables({ spec }: Pod): Readonly<Record<string, string>> {
  const [engine] = spec?.containers as unknown as readonly { env: readonly { name: string; value: string }[] }[];
  return Object.fromEntries(engine!.env.map(({ name, value }) => [name, value]));
}

async function deliver(name: string, more: string) {
  const folder = await serviceFolder(
    root,
    name,
    `model: { name: large, reference: 'hf://team/large@${'0'.repeat(40)}' }
resources: { replicas: 2, gpu: { class: nvidia-h100-80gb, count: 8 } }
startup: { schedulingSeconds: 60 }
${more}`,
  );
  const image = `registry.example.com/large@sha256:${'cd'.repeat(32)}`;
  return runLoadedStage('deploy', folder, { image, context: server.context, kubeconfig: server.kubeconfig });
}
