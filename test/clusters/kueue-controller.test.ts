import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyObjects, listWorkloads } from '@fairway/clients/kubernetes/index';
import type { Condition, KubernetesObject, Pod } from '@fairway/clients/kubernetes/index';
import { engineProfile } from '@fairway/engines';
import { remove } from '@fairway/targets/removal';
import { roomInCluster } from '@fairway/targets/workload/room';
import { podSpec, versionObjects } from '../../actions/deploy/src/objects.ts';
import { applyDefinitions, definitionsOf, startBareApiServer } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { bringParts } from '../bring-parts.ts';
import { isGated, startControllerManager, startPods, until } from '../controllers.ts';
import { inEnglish } from '../fixtures/in-english.ts';
import { tinyService } from '../fixtures/service.ts';
import { startKueue } from '../kueue.ts';
import { startLeaderWorkerSets } from '../leader-worker-sets.ts';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';
import {
  kueueController,
  kueueDefinitions,
  leaderWorkerSetController,
  leaderWorkerSetDefinitions,
} from '../upstream-parts.ts';

// Kueue itself, and the controller of LeaderWorkerSets: 300 and 215 s of CPU to build
jest.setTimeout(40 * 60_000);

const { signal } = new AbortController();
const apiVersion = 'kueue.x-k8s.io/v1beta2';
const running: { stop(): Promise<void> }[] = [];
let root: string;
let server: BareApiServer;

beforeAll(async () => {
  const parts = await bringParts(
    ['kubernetes'],
    [kueueDefinitions, kueueController, leaderWorkerSetDefinitions, leaderWorkerSetController],
  );
  root = await mkdtemp(join(tmpdir(), 'fairway-kueue-'));
  const folder = join(root, 'server');
  await mkdir(folder);
  server = await startBareApiServer(parts.get('kubernetes')!, folder);
  await applyDefinitions(server.cluster, await definitionsOf(parts.get('leader-worker-set-definitions')!));
  running.push(startControllerManager(parts.get('kubernetes')!, folder, server.kubeconfig));
  running.push(await startLeaderWorkerSets(parts.get('leader-worker-set-controller')!, folder, server));
  const frameworks = ['pod', 'deployment', 'statefulset', 'leaderworkerset.x-k8s.io/leaderworkerset'];
  running.push(await startKueue(parts, folder, server, frameworks));
  // nobody puts pods there
  const allocatable = { cpu: '64', memory: '512Gi', pods: '110', 'nvidia.com/gpu': '64' };
  await server.cluster.text('POST', '/api/v1/nodes', {
    body: {
      metadata: { name: 'l4', labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4', pool: 'l4' } },
      status: { capacity: allocatable, allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
    },
  });
  await server.cluster.request('PATCH', '/api/v1/nodes/l4', {
    body: { spec: { taints: [] } },
    contentType: 'application/merge-patch+json',
  });
});

afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('the pods of a version wait for quota, and go on when there is some', async () => {
  await queueOf('waiting', { 'nvidia.com/gpu': '8' });
  const kubelet = startPods(server.cluster, 'waiting');
  try {
    const { said, done } = deploy('waiting');
    await said(/waits for its queue .*insufficient unused quota for nvidia\.com\/gpu in flavor waiting, 8 more needed/);
    // each pod is a request of its own
    expect((await admitted('waiting')).length).toBe(1);
    await queueOf('waiting', { 'nvidia.com/gpu': '16' });
    expect(await done).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
    await remove(server.cluster, { namespace: 'waiting', name: 'waiting' }, undefined, {
      signal,
      progress: () => undefined,
    });
    await until('the end of the pods', async () => (await podsOf('waiting')).length === 0);
    await until('the end of their requests', async () => (await workloadsIn('waiting')).length === 0);
  } finally {
    await kubelet.stop();
  }
});

test.each<[string, Readonly<Record<string, unknown>>, string, RegExp]>([
  [
    'larger than the queue ever admits',
    {},
    'gpus',
    /insufficient quota for nvidia\.com\/gpu .* > maximum capacity \(4\)/,
  ],
  ['for a queue that is not there', {}, 'other', /LocalQueue other doesn't exist/],
  [
    'of a namespace that the queue does not take',
    { namespaceSelector: { matchLabels: { team: 'b' } } },
    'gpus',
    /namespace doesn't match ClusterQueue selector/,
  ],
  [
    'for a resource that the queue has not',
    { without: 'nvidia.com/gpu' },
    'gpus',
    /nvidia\.com\/gpu unavailable in ClusterQueue/,
  ],
])('a request %s is given up', async (what, more, queue, words) => {
  const namespace = what.replaceAll(' ', '-');
  await queueOf(namespace, { 'nvidia.com/gpu': '4' }, more);
  const kubelet = startPods(server.cluster, namespace);
  try {
    const { done } = deploy(namespace, `workload: { queue: ${queue} }\nstartup: { schedulingSeconds: 5 }\n`);
    const { verdict, reason } = await done;
    expect(reason).toMatch(words);
    expect(reason).toContain('waiting does not change that');
    expect(verdict).toBe('fail');
  } finally {
    await kubelet.stop();
  }
});

test('a queue that is stopped is named before and while a version waits for it', async () => {
  await queueOf('stopped', { 'nvidia.com/gpu': '32' }, { stopPolicy: 'Hold' });
  const kubelet = startPods(server.cluster, 'stopped');
  try {
    const look = async () => inEnglish(await roomInCluster(server.cluster, smallService('stopped', 2)));
    await until('the stop', async () => JSON.stringify(await look()).includes('is stopped'));
    expect((await look()).unknown).toContain(
      "the ClusterQueue stopped admits nothing now: Can't admit new workloads: is stopped. `deploy` waits",
    );
    const { said, done } = deploy('stopped');
    await said(/waits for its queue .*ClusterQueue stopped is inactive/);
    await queueOf('stopped', { 'nvidia.com/gpu': '32' });
    expect(await done).toMatchObject({ verdict: 'pass' });
    expect(await look()).toEqual({});
  } finally {
    await kubelet.stop();
  }
});

test('a pod that a more important one takes the quota from waits again, and comes back', async () => {
  await queueOf('taken', { 'nvidia.com/gpu': '16' }, { preemption: { withinClusterQueue: 'LowerPriority' } });
  const kubelet = startPods(server.cluster, 'taken');
  const important = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'taken',
      name: 'important',
      labels: { 'kueue.x-k8s.io/queue-name': 'gpus', 'kueue.x-k8s.io/priority-class': 'important' },
    },
    spec: {
      containers: [
        { name: 'job', image: 'registry.example.com/job', resources: { limits: { 'nvidia.com/gpu': '8' } } },
      ],
    },
  };
  try {
    expect(await deploy('taken').done).toMatchObject({ verdict: 'pass' });
    await applyObjects(server.cluster, [
      { apiVersion, kind: 'WorkloadPriorityClass', metadata: { name: 'important' }, value: 1000 },
      important,
    ]);
    await until('the pod that waits', async () => {
      const [found] = await listWorkloads(server.cluster, 'taken', {});
      return found?.status?.readyReplicas === 1 && (await podsOf('taken')).some(isGated);
    });
    const { said, done } = deploy('taken');
    await said(/1 of 2 pods ready.*insufficient unused quota for nvidia\.com\/gpu in flavor taken, 8 more needed/);
    await server.cluster.remove(important);
    expect(await done).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
  } finally {
    await kubelet.stop();
  }
});

test('a group of pods is admitted whole', async () => {
  await queueOf('grouped', { 'nvidia.com/gpu': '24' });
  const kubelet = startPods(server.cluster, 'grouped');
  try {
    const { said, done } = deploy('grouped', 'workload: { kind: LeaderWorkerSet, nodes: 2, queue: gpus }\n');
    await said(
      /1 of 2 pods ready.*waits for its queue .*insufficient unused quota for nvidia\.com\/gpu in flavor grouped, 8 more needed/,
    );
    const groups = (await admitted('grouped')).map(
      ({ metadata }) => metadata.labels?.['leaderworkerset.sigs.k8s.io/group-index'],
    );
    expect(groups).toHaveLength(2);
    expect(new Set(groups).size).toBe(1);
    await queueOf('grouped', { 'nvidia.com/gpu': '32' });
    expect(await done).toMatchObject({ verdict: 'pass', outputs: { pods: '2' } });
  } finally {
    await kubelet.stop();
  }
});

test('a check beside the quota is named while a version waits for it', async () => {
  const check = { apiVersion, kind: 'AdmissionCheck', metadata: { name: 'budget' } };
  await applyObjects(server.cluster, [{ ...check, spec: { controllerName: 'example.com/budget' } }]);
  await status(check, { conditions: [condition('Active')] });
  await queueOf(
    'checked',
    { 'nvidia.com/gpu': '16' },
    { admissionChecksStrategy: { admissionChecks: [{ name: 'budget' }] } },
  );
  const kubelet = startPods(server.cluster, 'checked');
  try {
    const { said, done } = deploy('checked');
    await said(/waits for its queue .*: AdmissionCheck budget: Pending\.$/);
    for (const one of await workloadsIn('checked'))
      await status(one, {
        admissionChecks: [
          { name: 'budget', state: 'Ready', message: '', lastTransitionTime: new Date().toISOString() },
        ],
      });
    expect(await done).toMatchObject({ verdict: 'pass' });
  } finally {
    await kubelet.stop();
  }
});

interface Quotas {
  /** Of the own queue, of another one, and of cohorts. */
  readonly own: readonly Flavor[];
  readonly other?: readonly Flavor[];
  readonly cohorts?: Readonly<Record<string, { readonly parent?: string; readonly quota?: readonly Flavor[] }>>;
  /** The cohort of the own queue, and of the other one. */
  readonly in?: readonly [own: string, other: string];
  readonly service?: object;
  /** Pods of the other queue that are there already. */
  readonly before?: number;
}

interface Flavor {
  readonly name: string;
  readonly gpus: string;
  readonly cpu?: string;
  readonly borrowingLimit?: string;
  readonly lendingLimit?: string;
  readonly spec?: object;
}

// the right number is how many pods Kueue admits
test.each<[string, Quotas]>([
  ['own', { own: [{ name: 'l4', gpus: '3' }] }],
  [
    'borrowed',
    { own: [{ name: 'l4', gpus: '2', borrowingLimit: '2' }], other: [{ name: 'l4', gpus: '5' }], in: ['all', 'all'] },
  ],
  [
    'lent',
    { own: [{ name: 'l4', gpus: '2' }], other: [{ name: 'l4', gpus: '5', lendingLimit: '3' }], in: ['all', 'all'] },
  ],
  [
    'nested',
    {
      own: [{ name: 'l4', gpus: '1' }],
      other: [{ name: 'l4', gpus: '3', lendingLimit: '1' }],
      cohorts: {
        team: { parent: 'house', quota: [{ name: 'l4', gpus: '2', borrowingLimit: '4' }] },
        house: { quota: [{ name: 'l4', gpus: '9' }] },
      },
      in: ['team', 'house'],
    },
  ],
  [
    'two-flavors',
    {
      own: [
        { name: 'l4', gpus: '2' },
        { name: 'spot', gpus: '3', cpu: '1' },
      ],
    },
  ],
  [
    'chosen-by-label',
    {
      own: [
        { name: 'spot', gpus: '3', spec: { nodeLabels: { market: 'spot' } } },
        { name: 'l4', gpus: '2', spec: { nodeLabels: { pool: 'l4' } } },
      ],
      service: { nodeSelector: { pool: 'l4' } },
    },
  ],
  [
    'tainted',
    {
      own: [
        { name: 'spot', gpus: '3', spec: { nodeTaints: [{ key: 'spot', value: 'true', effect: 'NoSchedule' }] } },
        { name: 'l4', gpus: '2' },
      ],
    },
  ],
  [
    'used-by-others',
    {
      own: [{ name: 'l4', gpus: '4' }],
      other: [{ name: 'l4', gpus: '2' }],
      in: ['all', 'all'],
      before: 3,
    },
  ],
  [
    'lent-and-used',
    {
      own: [{ name: 'l4', gpus: '1', borrowingLimit: '5' }],
      other: [{ name: 'l4', gpus: '6', lendingLimit: '4' }],
      in: ['all', 'all'],
      before: 3,
    },
  ],
])('as many pods as `prepare` says are admitted: %s', async (name, quotas) => {
  await quotasOf(name, quotas);
  const { before = 0, service = {} } = quotas;
  if (before > 0) expect(await admit(`${name}-other`, before, {})).toBe(before);
  const look = async (replicas: number) => {
    const room = await roomInCluster(server.cluster, smallService(name, replicas, service));
    const { missing = '', unknown = '' } = inEnglish(room);
    return /quota of .* for (\d+) (at most|more now)/.exec(missing || unknown)?.slice(1, 3) ?? [missing || unknown];
  };
  const [most, ever] = await look(pods);
  expect([most, ever]).toEqual([expect.stringMatching(/^\d+$/), 'at most']);
  const [left, now] = before > 0 ? await look(Number(most)) : [most, 'more now'];
  expect(now).toBe('more now');
  expect(await admit(name, pods, service)).toBe(Number(left));
});

/** More than any of the queues admits. */
const pods = 10;

function isRefused({ status }: Workload): boolean {
  return status?.conditions?.some(one => one.type === 'QuotaReserved' && one.status === 'False') ?? false;
}

/** Makes pods of a service; how many of them the queue admits. */
async function admit(namespace: string, count: number, workload: object): Promise<number> {
  const service = smallService(namespace, count, workload);
  const profile = engineProfile('vllm');
  const spec = podSpec(service, profile, `registry.example/llm@sha256:${'0'.repeat(64)}`, undefined);
  await applyObjects(server.cluster, versionObjects(service, profile, '1a2b3c4d', spec, count, undefined).slice(0, 1));
  // of requests that are the same Kueue answers one
  await until('a request that is not admitted', async () => {
    const found = await workloadsIn(namespace);
    return found.length === count && (count < pods || found.some(isRefused));
  });
  for (let before = -1; ; await new Promise(resolve => setTimeout(resolve, 2000))) {
    const { length } = await admitted(namespace);
    if (length === before) return length;
    before = length;
  }
}

function smallService(namespace: string, replicas: number, workload: object = {}) {
  return tinyService({
    name: namespace,
    namespace,
    engine: { name: 'vllm' },
    resources: { replicas, cpu: '1', memory: '1Gi', gpu: { class: 'nvidia-l4-24gb' } },
    workload: { queue: 'gpus', ...workload },
  });
}

async function quotasOf(
  name: string,
  { own, other, cohorts = {}, in: [ownCohort, otherCohort] = ['', ''] }: Quotas,
): Promise<void> {
  const group = (flavors: readonly Flavor[]) => ({
    coveredResources: ['cpu', 'memory', 'nvidia.com/gpu'],
    flavors: flavors.map(({ name: flavor, gpus, cpu = '1k', borrowingLimit, lendingLimit }) => ({
      name: `${name}-${flavor}`,
      resources: [
        { name: 'cpu', nominalQuota: cpu },
        { name: 'memory', nominalQuota: '10Ti' },
        { name: 'nvidia.com/gpu', nominalQuota: gpus, borrowingLimit, lendingLimit },
      ],
    })),
  });
  const queue = (namespace: string, flavors: readonly Flavor[], cohort: string) => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion,
      kind: 'ClusterQueue',
      metadata: { name: namespace },
      spec: {
        namespaceSelector: {},
        resourceGroups: [group(flavors)],
        ...(cohort ? { cohortName: `${name}-${cohort}` } : {}),
      },
    },
    { apiVersion, kind: 'LocalQueue', metadata: { name: 'gpus', namespace }, spec: { clusterQueue: namespace } },
  ];
  const all = [...own, ...(other ?? [])];
  await applyObjects(server.cluster, [
    ...new Map(
      all.map(({ name: flavor, spec = {} }) => [
        flavor,
        { apiVersion, kind: 'ResourceFlavor', metadata: { name: `${name}-${flavor}` }, spec },
      ]),
    ).values(),
    ...Object.entries(cohorts).map(([cohort, { parent, quota }]) => ({
      apiVersion,
      kind: 'Cohort',
      metadata: { name: `${name}-${cohort}` },
      spec: {
        ...(parent ? { parentName: `${name}-${parent}` } : {}),
        ...(quota ? { resourceGroups: [group(quota)] } : {}),
      },
    })),
    ...queue(name, own, ownCohort),
    ...(other ? queue(`${name}-other`, other, otherCohort) : []),
  ]);
}

/** As whoever has the object writes it. */
async function status(
  object: KubernetesObject | { apiVersion: string; kind: string; metadata: { name: string } },
  status: object,
): Promise<void> {
  await server.cluster.request('PATCH', `${await server.cluster.path(object)}/status`, {
    query: { fieldManager: 'status' },
    body: { status },
    contentType: 'application/merge-patch+json',
  });
}

function condition(type: string) {
  return { type, status: 'True', reason: type, message: '', lastTransitionTime: new Date().toISOString() };
}

async function queueOf(
  name: string,
  quota: Readonly<Record<string, string>>,
  { without, ...more }: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const resources = Object.entries({ cpu: '1k', memory: '10Ti', ...quota })
    .filter(([resource]) => resource !== without)
    .map(([resource, nominalQuota]) => ({ name: resource, nominalQuota }));
  const coveredResources = resources.map(one => one.name);
  await applyObjects(server.cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    { apiVersion, kind: 'ResourceFlavor', metadata: { name } },
    {
      apiVersion,
      kind: 'ClusterQueue',
      metadata: { name },
      spec: {
        namespaceSelector: {},
        resourceGroups: [{ coveredResources, flavors: [{ name, resources }] }],
        ...more,
      },
    },
    { apiVersion, kind: 'LocalQueue', metadata: { name: 'gpus', namespace: name }, spec: { clusterQueue: name } },
  ]);
}

/** That are not ending. */
async function podsOf(namespace: string): Promise<readonly Pod[]> {
  const found = await server.cluster.list<Pod>('v1', 'Pod', namespace);
  return found.filter(({ metadata }) => !metadata.deletionTimestamp);
}

async function admitted(namespace: string): Promise<readonly Pod[]> {
  return (await podsOf(namespace)).filter(pod => !isGated(pod));
}

interface Workload extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

function workloadsIn(namespace: string): Promise<readonly Workload[]> {
  return server.cluster.list<Workload>(apiVersion, 'Workload', namespace);
}

/** A delivery with what it says meanwhile. */
function deploy(name: string, more = '') {
  const lines: string[] = [];
  const run = async () => {
    const folder = await serviceFolder(
      root,
      name,
      `model: { name: large, reference: 'hf://team/large@${'0'.repeat(40)}' }
resources: { replicas: 2, gpu: { class: nvidia-h100-80gb, count: 8 } }
${more.includes('workload:') ? '' : 'workload: { queue: gpus }\n'}${more}`,
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
