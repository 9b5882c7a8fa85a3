import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { Cluster } from '@fairway/clients/kubernetes/cluster';
import { releasedAnnotation, revisionLabel } from '@fairway/clients/kubernetes/names';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { inEnglish } from '../../../../test/fixtures/in-english.ts';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { roomInCluster } from './room.ts';

const kinds: Readonly<Record<string, string>> = {
  nodes: 'Node',
  pods: 'Pod',
  resourcequotas: 'ResourceQuota',
  limitranges: 'LimitRange',
  configmaps: 'ConfigMap',
  deployments: 'Deployment',
  nodepools: 'NodePool',
  // in the API they are nodepools too
  coreweavepools: 'NodePool',
  localqueues: 'LocalQueue',
  clusterqueues: 'ClusterQueue',
  cohorts: 'Cohort',
  resourceflavors: 'ResourceFlavor',
  // the last: paths of others have a namespace too
  namespaces: 'Namespace',
};
const groups: Readonly<Record<string, readonly string[]>> = {
  '/api/v1': ['nodes', 'pods', 'resourcequotas', 'limitranges', 'configmaps', 'namespaces'],
  '/apis/apps/v1': ['deployments'],
  '/apis/karpenter.sh/v1': ['nodepools'],
  '/apis/compute.coreweave.com/v1alpha1': ['coreweavepools'],
  '/apis/kueue.x-k8s.io/v1beta1': ['localqueues', 'clusterqueues', 'cohorts', 'resourceflavors'],
};
const clusterWide = [
  'nodes',
  'nodepools',
  'coreweavepools',
  'namespaces',
  'clusterqueues',
  'cohorts',
  'resourceflavors',
];

let server: Server;
let config: KubeConfig;
/** By plural; a kind that is absent is not served, and `forbidden` may not be looked at. */
let objects: Record<string, readonly object[] | 'forbidden'>;
/** The login may look into ConfigMaps of one namespace after the other alone. */
let ofNamespaceOnly = false;

// lists and discovery as the API server answers them, with the field selector by node
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://server');
    const group = groups[pathname];
    if (group) {
      const resources = group
        .filter(name => objects[name])
        .map(name => ({ name, kind: kinds[name], namespaced: !clusterWide.includes(name) }));
      return void response.writeHead(resources.length > 0 ? 200 : 404).end(JSON.stringify({ resources }));
    }
    const plural = Object.keys(kinds).find(name => pathname.split('/').includes(name));
    const found = objects[plural ?? ''];
    if (found === 'forbidden') return void response.writeHead(403).end(JSON.stringify({ message: 'not allowed' }));
    if (plural === 'configmaps') return void configMaps(pathname, found ?? [], response);
    if (!found) return void response.writeHead(404).end('{}');
    const [kind, name = ''] = pathname.split('/').slice(-2);
    if (kind === plural) {
      const one = found.find(({ metadata }: { metadata?: { name: string } }) => metadata?.name === name);
      return void response.writeHead(one ? 200 : 404).end(JSON.stringify(one ?? {}));
    }
    const node = /spec\.nodeName=([^,]+)/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
    const items = found.filter(one => !node || (one as { spec: { nodeName: string } }).spec.nodeName === node);
    response.end(JSON.stringify({ metadata: {}, items }));
  });
  config = await kubeConfigOf(server, 'prod');
});
beforeEach(() => {
  objects = { nodes: [], pods: [], resourcequotas: [], limitranges: [], configmaps: [], deployments: [] };
  ofNamespaceOnly = false;
});
afterAll(() => (server.closeAllConnections(), server.close()));

/** One by its name, in a namespace; all of a name, in all of them, where the login may do that. */
function configMaps(path: string, found: readonly ConfigMap[], response: ServerResponse): void {
  const namespace = /namespaces\/([^/]+)\//.exec(path)?.[1];
  if (namespace === undefined && ofNamespaceOnly) return void response.writeHead(403).end('{}');
  if (namespace === undefined) return void response.end(JSON.stringify({ items: found }));
  const one = found.find(({ metadata }) => metadata?.namespace === namespace);
  response.writeHead(one ? 200 : 404).end(JSON.stringify(one ?? {}));
}

interface ConfigMap {
  readonly metadata?: { readonly namespace: string };
}

function node(name: string, gpus = 8, more: { labels?: object; taints?: object[]; unschedulable?: boolean } = {}) {
  const { labels = { 'nvidia.com/gpu.product': 'NVIDIA-L4' }, ...spec } = more;
  return {
    metadata: { name, labels },
    spec,
    status: {
      allocatable: { cpu: '48', memory: '192Gi', pods: '110', ...(gpus ? { 'nvidia.com/gpu': String(gpus) } : {}) },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function pod(nodeName: string, requests: object, labels = {}) {
  return { metadata: { name: 'p', labels }, spec: { nodeName, containers: [{ resources: { requests } }] } };
}

function version(revision: string, replicas: number, released: boolean) {
  const annotations = released ? { [releasedAnnotation]: 'd' } : {};
  return {
    metadata: { name: `hello-${revision}`, labels: { [revisionLabel]: revision }, annotations },
    spec: { replicas },
  };
}

const gpu = { class: 'nvidia-l4-24gb', count: 4 };
const look = async (more: object = {}, release: object = {}) => {
  const service = tinyService({ resources: { gpu, cpu: '8', memory: '32Gi', replicas: 2 }, release, ...more });
  return inEnglish(await roomInCluster(new Cluster(config, 'prod'), service));
};

test('a cluster with room is said nothing of', async () => {
  objects['nodes'] = [node('a')];
  expect(await look()).toEqual({});
});

// Karpenter writes the label, and every kubelet: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
test('nodes with processors of two kinds are said, unless the pods ask for one of them', async () => {
  const of = (name: string, arch: string, gpus = 8) =>
    node(name, gpus, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'kubernetes.io/arch': arch } });
  objects['nodes'] = [of('a', 'amd64'), of('b', 'arm64')];
  expect(await look()).toEqual({ unknown: expect.stringMatching(/nodes with amd64 and arm64 processors/) });
  expect(await look({ workload: { nodeSelector: { 'kubernetes.io/arch': 'amd64' } } })).toEqual({});
  // those of another kind take no such pods
  objects['nodes'] = [of('a', 'amd64'), of('b', 'arm64', 0)];
  expect(await look()).toEqual({});
});

// https://cloud.google.com/kubernetes-engine/docs/how-to/prepare-arm-workloads-for-deployment
test('the taint of Arm nodes keeps no pods off that ask for a GPU of theirs', async () => {
  const taints = [{ key: 'kubernetes.io/arch', value: 'arm64', effect: 'NoSchedule' }];
  const labels = { 'cloud.google.com/gke-accelerator': 'nvidia-gb200', 'kubernetes.io/arch': 'arm64' };
  objects['nodes'] = [node('a', 4, { labels, taints })];
  expect(await look({ resources: { gpu: { class: 'nvidia-gb200-186gb', count: 4 } } })).toEqual({});
});

test('a MIG instance has room where its profile is, for one pod alone', async () => {
  const mig = { class: 'nvidia-a100-80gb', count: 1, mig: { profile: '3g.40gb', strategy: 'mixed' } };
  const divided = (name: string, labels: object, resources: object) => {
    const made = node(name, 0, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB', ...labels } });
    return { ...made, status: { ...made.status, allocatable: { ...made.status.allocatable, ...resources } } };
  };
  const asked = { resources: { gpu: mig, cpu: '8', memory: '32Gi', replicas: 2 } };
  objects['nodes'] = [divided('mixed', {}, { 'nvidia.com/mig-3g.40gb': '2' })];
  expect(await look(asked)).toEqual({});
  objects['nodes'] = [
    divided('smaller', {}, { 'nvidia.com/mig-1g.10gb': '7' }),
    divided('slices', { 'nvidia.com/mig-3g.40gb.replicas': '4' }, { 'nvidia.com/mig-3g.40gb': '8' }),
    divided('whole', {}, { 'nvidia.com/gpu': '8' }),
  ];
  expect((await look(asked)).missing).toContain(
    '2 pods with 1 × nvidia-a100-80gb 3g.40gb, CPU 8 and memory 32Gi at a time, and its nodes have room for 0 when nothing else runs on them: of 3 nodes 3 are without nvidia-a100-80gb 3g.40gb',
  );
});

test('GPUs that are claimed are no resource of a node, which is known by its labels', async () => {
  const claiming = { ...gpu, deviceClass: 'gpu.nvidia.com' };
  const asked = { resources: { gpu: claiming, cpu: '8', memory: '32Gi', replicas: 2 } };
  objects['nodes'] = [node('claims', 0)];
  expect(await look(asked)).toEqual({});
  objects['nodes'] = [node('other', 0, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-A10' } })];
  expect((await look(asked)).missing).toContain('of 1 node 1 is without nvidia-l4-24gb');
});

test('nodes that can never hold the pods are named by what is wrong with them', async () => {
  objects['nodes'] = [
    node('small', 4, { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] }),
    node('other', 8, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-A10' } }),
    node('shares', 8, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4-SHARED', 'nvidia.com/gpu.replicas': '8' } }),
    // four GPUs that HAMi offers ten times each
    node('hami', 40, { labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'nvidia.com/gpu.count': '4' } }),
    node('taken', 8, { taints: [{ key: 'team', value: 'red', effect: 'NoSchedule' }] }),
    node('cordoned', 8, { unschedulable: true }),
    node('few', 2),
  ];
  const { missing, unknown } = await look();
  expect(unknown).toBeUndefined();
  expect(missing).toBe(
    'In the cluster of context "prod" the service needs 2 pods with 4 × nvidia-l4-24gb, CPU 8 and memory 32Gi at a time, and its nodes have room for 1 when nothing else runs on them: of 7 nodes 3 are without nvidia-l4-24gb, 1 is with the taint team=red:NoSchedule, which the pods do not tolerate, 1 is not ready or cordoned, 1 is with too little nvidia.com/gpu. Lower `resources` in fairway.yaml, or add nodes.',
  );
  expect(await look({ workload: { tolerations: [{ key: 'team', operator: 'Exists' }] } })).toEqual({});
});

test('nodes with Windows have no room, also where they have no taint', async () => {
  const resources = { cpu: '8', memory: '32Gi', replicas: 2 };
  objects['nodes'] = [node('win', 0, { labels: { 'kubernetes.io/os': 'windows' } })];
  expect((await look({ resources })).missing).toContain('of 1 node 1 is without Linux');
  objects['nodes'] = [node('linux', 0, { labels: { 'kubernetes.io/os': 'linux' } })];
  expect(await look({ resources })).toEqual({});
});

test('a release needs room for the candidate beside the version that serves', async () => {
  objects['nodes'] = [node('a')];
  objects['deployments'] = [version('old', 2, true)];
  objects['pods'] = [pod('a', { 'nvidia.com/gpu': '4' }), pod('a', { 'nvidia.com/gpu': '4' })];
  const { missing } = await look();
  expect(missing).toMatch(/needs 4 pods .* at a time, the version that serves included, and .* room for 2 /);
  expect(missing).toContain('Lower `resources` or `release.surge` in fairway.yaml');
  expect(await look({}, { surge: 0 })).toEqual({});
});

test('what others hold now is a warning, and a candidate that was never released makes room', async () => {
  objects['nodes'] = [node('a')];
  const candidate = pod('a', { 'nvidia.com/gpu': '4' }, { [revisionLabel]: 'bad' });
  objects['pods'] = [pod('a', { 'nvidia.com/gpu': '4' }), candidate];
  expect(await look()).toMatchObject({
    unknown: expect.stringMatching(
      /2 of them new, and beside what runs there now its nodes have room for 0: of 1 node 1 is with too little nvidia\.com\/gpu\./,
    ),
  });
  objects['pods'] = [candidate];
  objects['deployments'] = [version('bad', 1, false)];
  expect(await look()).toEqual({});
});

test.each<[string, () => void, RegExp]>([
  ['Karpenter', () => (objects['nodepools'] = [{}]), /room for 0 .* Its autoscaler may add some\./],
  ['a cluster autoscaler', () => (objects['configmaps'] = [{}]), /room for 0 .* Its autoscaler may add some\./],
  // https://docs.coreweave.com/products/cks/nodes/autoscaling
  [
    'a pool of CoreWeave that may grow',
    () => (objects['coreweavepools'] = [{ spec: { autoscaling: false } }, { spec: { autoscaling: true } }]),
    /Its autoscaler may add some\./,
  ],
  // https://github.com/kubernetes/autoscaler/issues/1620: its status is in the namespace that --namespace names
  [
    "OpenShift's autoscaler, for a login that looks into one namespace after the other",
    () => {
      objects['configmaps'] = [{ metadata: { namespace: 'openshift-machine-api' } }];
      ofNamespaceOnly = true;
    },
    /Its autoscaler may add some\./,
  ],
  [
    'an autoscaler in a namespace that the login does not look into',
    () => (ofNamespaceOnly = true),
    /Whether something adds nodes is not known\./,
  ],
  ['nobody knows what', () => (objects['configmaps'] = 'forbidden'), /Whether something adds nodes is not known\./],
  ['no right to list nodes', () => (objects['nodes'] = 'forbidden'), /^The login may not list nodes, .*ClusterRole/],
])('with %s there is a warning only', async (_name, change, expected) => {
  change();
  expect(await look()).toEqual({ unknown: expect.stringMatching(expected) });
});

test('pools of CoreWeave that do not grow add no nodes', async () => {
  objects['coreweavepools'] = [{ spec: { autoscaling: false } }];
  expect((await look()).missing).toContain('room for 0');
});

test('a login that may not list all pods still learns what can never be', async () => {
  objects['pods'] = 'forbidden';
  expect((await look()).missing).toContain('room for 0');
  objects['nodes'] = [node('a')];
  expect(await look()).toEqual({ unknown: expect.stringContaining('may not list pods of all namespaces') });
});

test('a quota decides where the nodes would have room, unless it counts some pods only', async () => {
  objects['nodes'] = [node('a')];
  const quota = (hard: string, used: string, spec = {}) => ({
    metadata: { name: 'team' },
    spec,
    status: { hard: { 'requests.nvidia.com/gpu': hard }, used: { 'requests.nvidia.com/gpu': used } },
  });
  objects['resourcequotas'] = [quota('4', '0')];
  expect((await look()).missing).toMatch(/the quota team of the namespace hello allows 1 in all\. .*larger quota\.$/);
  objects['resourcequotas'] = [quota('8', '4')];
  expect((await look()).unknown).toMatch(/allows 1 more now\./);
  // what is full now hides nothing that can never be
  objects['nodes'] = [];
  expect((await look()).missing).toContain('room for 0');
  objects['nodes'] = [node('a')];
  objects['resourcequotas'] = [quota('4', '4', { scopes: ['Terminating'] })];
  expect(await look()).toEqual({});
});

// https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes
test.each<[string, object, boolean]>([
  ['of pods that do not end', { scopes: ['NotTerminating', 'NotBestEffort'] }, true],
  ['of pods without requests', { scopes: ['BestEffort'] }, false],
  [
    'of the priority of the pods',
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } },
    true,
  ],
  [
    'of another priority',
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['low'] }] } },
    false,
  ],
  [
    'of any priority but one',
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'NotIn', values: ['low'] }] } },
    true,
  ],
  [
    'of pods that must run beside those of other namespaces',
    { scopeSelector: { matchExpressions: [{ scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' }] } },
    false,
  ],
])('a quota %s counts as it says', async (_name, spec, counts) => {
  objects['nodes'] = [node('a')];
  const status = { hard: { 'requests.nvidia.com/gpu': '4' }, used: { 'requests.nvidia.com/gpu': '0' } };
  objects['resourcequotas'] = [{ metadata: { name: 'team' }, spec, status }];
  const { missing = '' } = await look({ workload: { priorityClass: 'high' } });
  expect(missing.includes('the quota team of the namespace hello allows 1 in all')).toBe(counts);
});

// what the API server does with such pods: pkg/quota/v1/evaluator/core/pods.go and plugin/pkg/admission/limitranger
test('a quota of CPU limits takes no pod without one, which a LimitRange gives', async () => {
  objects['nodes'] = [node('a')];
  const hard = { 'limits.cpu': '24' };
  objects['resourcequotas'] = [{ metadata: { name: 'team' }, status: { hard, used: {} } }];
  expect((await look()).missing).toMatch(
    /the quota team of the namespace hello allows only pods with a limit of CPU.* LimitRange with a default of at least 8/,
  );
  objects['limitranges'] = [{ spec: { limits: [{ type: 'Container', default: { cpu: '16' } }] } }];
  expect((await look()).missing).toMatch(/the quota team of the namespace hello allows 1 in all/);
  objects['limitranges'] = [{ spec: { limits: [{ type: 'Container', default: { cpu: '12' } }] } }];
  expect(await look()).toEqual({});
  // who may not see it does not know
  objects['limitranges'] = 'forbidden';
  expect(await look()).toEqual({});
});

test('a quota of claimed devices counts them', async () => {
  objects['nodes'] = [node('claims', 0)];
  const hard = { 'gpu.nvidia.com.deviceclass.resource.k8s.io/devices': '7' };
  objects['resourcequotas'] = [{ metadata: { name: 'team' }, status: { hard, used: {} } }];
  const claiming = { ...gpu, deviceClass: 'gpu.nvidia.com' };
  expect((await look({ resources: { gpu: claiming, cpu: '8', memory: '32Gi', replicas: 2 } })).missing).toContain(
    'the quota team of the namespace hello allows 1 in all',
  );
});

// https://kubernetes.io/docs/concepts/policy/limit-range/
test.each<[string, object, string]>([
  [
    'a default of CPU below the request',
    { type: 'Container', default: { cpu: '2' } },
    'it gives containers without a limit of CPU one of 2, which is less than they ask for.',
  ],
  [
    'a maximum of CPU, which is the default too',
    { type: 'Container', max: { cpu: '4' } },
    'one of 4, which is less than they ask for',
  ],
  ['too little memory', { type: 'Container', max: { memory: '16Gi' } }, 'a container may have 16Gi of memory at most.'],
  [
    'too few GPUs in a pod',
    { type: 'Pod', max: { 'nvidia.com/gpu': '2' } },
    'a pod may have 2 of nvidia.com/gpu at most',
  ],
  ['a maximum of CPU of a pod without a limit', { type: 'Pod', max: { cpu: '64' } }, 'must have a limit of it'],
  ['a least request', { type: 'Container', min: { memory: '64Gi' } }, 'must ask for 64Gi of memory at least'],
  [
    'a ratio of what has no limit',
    { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
    'the limit of cpu of a container may be 2 times its request at most',
  ],
])('a LimitRange with %s denies the pods', async (_name, limits, expected) => {
  objects['nodes'] = [node('a')];
  objects['limitranges'] = [{ spec: { limits: [limits] } }];
  expect((await look()).missing).toContain(`, and a LimitRange of the namespace hello denies them: `);
  expect((await look()).missing).toContain(expected);
});

test('a LimitRange that the pods satisfy is said nothing of', async () => {
  objects['nodes'] = [node('a')];
  const container = { max: { cpu: '16', memory: '64Gi' }, min: { cpu: '1' }, maxLimitRequestRatio: { memory: '1' } };
  const limits = [
    { type: 'Container', ...container },
    { type: 'Pod', max: { memory: '32Gi', 'nvidia.com/gpu': '4' } },
    { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } },
  ];
  objects['limitranges'] = [{ spec: { limits } }];
  expect(await look()).toEqual({});
});

test('patches may ask for something else, so they make a failure a warning', async () => {
  const patches = [{ kind: 'Deployment', spec: {} }];
  expect(await look({ workload: { patches } })).toMatchObject({
    unknown: expect.stringMatching(/room for 0 .*What workload\.patches changes of the pods is not counted here\.$/),
  });
});

test('a service without GPUs fits by CPU, memory and the number of pods', async () => {
  const plain = { resources: { cpu: '8', memory: '32Gi', replicas: 2 } };
  objects['nodes'] = [node('a', 0)];
  expect(await look(plain)).toEqual({});
  objects['pods'] = Array.from({ length: 109 }, () => pod('a', {}));
  expect(await look(plain)).toMatchObject({ unknown: expect.stringContaining('its nodes have room for 1') });
});

// fields of Kueue 0.17, v1beta1: github.com/kubernetes-sigs/kueue, config/components/crd/bases
describe('with a queue', () => {
  const active = { conditions: [{ type: 'Active', status: 'True' }] };
  const asked = { workload: { queue: 'gpus' } };
  const named = (name: string) => ({ metadata: { name } });
  const gpuQuota = (quota: number, more: object = {}) => ({
    coveredResources: ['cpu', 'memory', 'nvidia.com/gpu'],
    flavors: [
      {
        name: 'l4',
        resources: [
          { name: 'cpu', nominalQuota: '1k' },
          { name: 'memory', nominalQuota: '4Ti' },
          { name: 'nvidia.com/gpu', nominalQuota: quota, ...more },
        ],
      },
    ],
  });
  const clusterQueue = (name: string, spec: object, status: object = {}) => ({
    ...named(name),
    spec: { namespaceSelector: {}, ...spec },
    status: { ...active, ...status },
  });
  const reserved = (total: string) => ({
    flavorsReservation: [{ name: 'l4', resources: [{ name: 'nvidia.com/gpu', total }] }],
  });

  beforeEach(() => {
    objects['nodes'] = [node('a')];
    objects['namespaces'] = [named('hello')];
    objects['localqueues'] = [{ ...named('gpus'), spec: { clusterQueue: 'team' }, status: active }];
    objects['clusterqueues'] = [clusterQueue('team', { resourceGroups: [gpuQuota(8)] })];
    objects['cohorts'] = [];
    objects['resourceflavors'] = [{ ...named('l4'), spec: { nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-L4' } } }];
  });

  test('that has quota enough nothing is said', async () => {
    expect(await look(asked)).toEqual({});
    objects['resourceflavors'] = [named('l4')];
    expect(await look(asked)).toEqual({});
  });

  test('what it can never admit fails', async () => {
    objects['clusterqueues'] = [clusterQueue('team', { resourceGroups: [gpuQuota(7)] })];
    expect((await look(asked)).missing).toMatch(
      /needs 2 pods .* at a time, and the ClusterQueue team has quota of nvidia\.com\/gpu for 1 at most\. Lower `resources` in fairway\.yaml, or have the queue changed\.$/,
    );
    const borrowing = { resourceGroups: [gpuQuota(4, { borrowingLimit: 4 })], cohort: 'all' };
    const lending = clusterQueue('other', { resourceGroups: [gpuQuota(4)], cohort: 'all' });
    objects['clusterqueues'] = [clusterQueue('team', borrowing), lending];
    expect(await look(asked)).toEqual({});
    // v1beta2 has another name for the cohort
    const { cohort, ...rest } = borrowing;
    objects['clusterqueues'] = [clusterQueue('team', { ...rest, cohortName: cohort }), lending];
    expect(await look(asked)).toEqual({});
  });

  test('flavors of other nodes count for nothing', async () => {
    objects['resourceflavors'] = [{ ...named('l4'), spec: { nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-A10' } } }];
    expect((await look(asked)).missing).toContain(
      'has quota of nvidia.com/gpu, cpu, memory for 0 at most (not from l4, whose nodes are others)',
    );
    // Kueue itself would take it
    const group = gpuQuota(8);
    const both = { ...group, flavors: [{ ...group.flavors[0], name: 'a10' }, ...group.flavors] };
    objects['clusterqueues'] = [clusterQueue('team', { resourceGroups: [both] })];
    objects['resourceflavors'] = [
      { ...named('l4'), spec: { nodeLabels: { pool: 'l4' } } },
      { ...named('a10'), spec: { nodeLabels: { pool: 'a10', 'nvidia.com/gpu.product': 'NVIDIA-A10' } } },
    ];
    expect((await look(asked)).unknown).toContain(
      'may give the pods a flavor whose nodes have no nvidia-l4-24gb (a10): there they would wait for ever.',
    );
    objects['nodes'] = [node('a', 8, { labels: { pool: 'l4', 'nvidia.com/gpu.product': 'NVIDIA-L4' } })];
    expect(await look({ workload: { ...asked.workload, nodeSelector: { pool: 'l4' } } })).toEqual({});
    objects['clusterqueues'] = [clusterQueue('team', { resourceGroups: [group] })];
    const taint = { key: 'spot', value: 'true', effect: 'NoSchedule' };
    objects['resourceflavors'] = [{ ...named('l4'), spec: { nodeTaints: [taint] } }];
    expect((await look(asked)).missing).toContain('for 0 at most');
    const tolerations = [{ key: 'spot', operator: 'Exists' }];
    objects['resourceflavors'] = [{ ...named('l4'), spec: { nodeTaints: [taint], tolerations } }];
    expect(await look(asked)).toEqual({});
  });

  // github.com/kubernetes-sigs/kueue, pkg/scheduler/flavorassigner/flavorassigner.go: flavorSelector keeps the labels of all flavors of the group
  test('a flavor counts for nothing that lacks a label which the pods ask for and another flavor has', async () => {
    const group = gpuQuota(4);
    const flavors = ['spot', 'l4'].map(name => ({ ...group.flavors[0], name }));
    objects['clusterqueues'] = [clusterQueue('team', { resourceGroups: [{ ...group, flavors }] })];
    objects['resourceflavors'] = [
      { ...named('spot'), spec: { nodeLabels: { market: 'spot' } } },
      { ...named('l4'), spec: { nodeLabels: { pool: 'l4' } } },
    ];
    objects['nodes'] = [node('a', 8, { labels: { pool: 'l4', 'nvidia.com/gpu.product': 'NVIDIA-L4' } })];
    expect(await look(asked)).toEqual({});
    const chosen = (nodeSelector: Record<string, string>) => look({ workload: { ...asked.workload, nodeSelector } });
    expect((await chosen({ pool: 'l4' })).missing).toContain('for 1 at most (not from spot, whose nodes are others)');
    // no flavor has it
    expect((await chosen({ zone: 'a' })).missing ?? '').not.toContain('ClusterQueue');
  });

  test('the workers of a group have one flavor', async () => {
    const group = gpuQuota(4);
    const flavors = ['l4', 'b', 'c'].map(name => ({ ...group.flavors[0], name }));
    objects['resourceflavors'] = [named('l4'), named('b'), named('c')];
    objects['clusterqueues'] = [clusterQueue('team', { resourceGroups: [{ ...group, flavors }] })];
    objects['nodes'] = [node('a'), node('b')];
    const groups = (nodes: number) =>
      look({
        resources: { gpu, cpu: '8', memory: '32Gi', replicas: 1 },
        workload: { ...asked.workload, kind: 'LeaderWorkerSet', nodes },
      });
    // one pod in each flavor
    expect(await groups(2)).toEqual({});
    expect((await groups(3)).missing).toContain('the ClusterQueue team has quota of nvidia.com/gpu for 0 at most');
  });

  test('what waits for quota now is a warning, which hides nothing that can never be', async () => {
    objects['clusterqueues'] = [
      clusterQueue('team', { resourceGroups: [gpuQuota(8)] }, { ...reserved('4'), pendingWorkloads: 3 }),
    ];
    expect((await look(asked)).unknown).toMatch(
      /, and the ClusterQueue team has quota of nvidia\.com\/gpu for 1 more now, and workloads wait there already \(3\)\. `deploy` waits until the queue admits them\.$/,
    );
    objects['nodes'] = [];
    expect((await look(asked)).missing).toContain('its nodes have room for 0');
  });

  test.each<[string, () => void, 'missing' | 'unknown', string]>([
    ['is not there', () => (objects['localqueues'] = []), 'missing', 'the namespace hello has no LocalQueue gpus'],
    [
      'cannot be there yet',
      () => ((objects['localqueues'] = []), (objects['namespaces'] = [])),
      'unknown',
      'has no LocalQueue',
    ],
    [
      'leads nowhere',
      () => (objects['clusterqueues'] = []),
      'missing',
      'the ClusterQueue team of the LocalQueue gpus is not in the cluster',
    ],
    [
      'takes no pods of the namespace',
      () => (objects['clusterqueues'] = [clusterQueue('team', { namespaceSelector: { matchLabels: { team: 'a' } } })]),
      'missing',
      'does not take pods of the namespace hello (namespaceSelector)',
    ],
    [
      'is stopped',
      () =>
        (objects['clusterqueues'] = [
          clusterQueue(
            'team',
            {},
            { conditions: [{ type: 'Active', status: 'False', message: "Can't admit new workloads: is stopped." }] },
          ),
        ]),
      'unknown',
      "the ClusterQueue team admits nothing now: Can't admit new workloads: is stopped. `deploy` waits",
    ],
    [
      'has no quota of GPUs',
      () =>
        (objects['clusterqueues'] = [
          clusterQueue('team', { resourceGroups: [{ coveredResources: ['cpu', 'memory'], flavors: [] }] }),
        ]),
      'unknown',
      'The ClusterQueue team has no quota of nvidia.com/gpu.',
    ],
    ['is hidden', () => (objects['localqueues'] = 'forbidden'), 'unknown', '`get` on localqueues'],
    ['has hidden quotas', () => (objects['clusterqueues'] = 'forbidden'), 'unknown', '`list` on clusterqueues'],
    ['is of no cluster', () => delete objects['localqueues'], 'unknown', 'does not serve LocalQueue'],
  ])('that %s', async (_name, change, said, expected) => {
    change();
    expect(await look(asked)).toEqual({ [said]: expect.stringContaining(expected) });
  });
});
