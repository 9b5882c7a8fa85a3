import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { Cluster } from './cluster.ts';
import { watchRollout, type RolloutResult } from './rollout.ts';
import type { StartLimits } from './start-phase.ts';
import type { ContainerState, Pod } from './workload.ts';

const short = { scheduling: 0.6, pulling: 0.6, loading: 0.6 };

const interval = 500;
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'llm' } };

let server: Server;
let asked: string[];
/** Half seconds that have passed. */
let at: number;
/** What Kueue says of the pod, and what others say whom it asks. */
let queued: { readonly reason: string; readonly message: string } | undefined;
let checks: readonly object[] | undefined;
/** What the node of the pod says of itself. */
let node: object | undefined;
/** What the server answers in place of a watch. */
let deny: ((response: ServerResponse) => boolean) | undefined;

/** Speaks as much of the Kubernetes API as a rollout needs: the pod as it is after each half second, and its log. */
async function watch(
  pods: (at: number) => Pod,
  log = '',
  limits: StartLimits = short,
  progress?: (message: string) => void,
): Promise<RolloutResult> {
  server = createServer(({ url = '' }, response) => {
    const [path = '', query = ''] = url.split('?');
    asked.push(`${query.includes('watch=true') ? 'watch' : 'get'} ${path.split('/').at(-1)}`);
    if (path === '/api/v1' || path === '/apis/apps/v1') {
      const kinds = { pods: 'Pod', events: 'Event', deployments: 'Deployment', nodes: 'Node' };
      const resources = Object.entries(kinds).map(([name, kind]) => ({ name, kind, namespaced: kind !== 'Node' }));
      return void response.end(JSON.stringify({ resources }));
    }
    if (path === '/apis/kueue.x-k8s.io/v1beta1' && (queued ?? checks))
      return void response.end(
        JSON.stringify({ resources: [{ name: 'workloads', kind: 'Workload', namespaced: true }] }),
      );
    if (path === '/api/v1/nodes/n1') return void response.end(JSON.stringify({ status: { conditions: [node] } }));
    if (/^\/apis\/[^/]+\/[^/]+$/.test(path)) return void response.writeHead(404).end('{}');
    if (path.endsWith('/workloads')) {
      const conditions = [{ type: 'QuotaReserved', status: queued ? 'False' : 'True', ...queued }];
      const workload = {
        metadata: { name: 'pod-llm-x', ownerReferences: [{ uid: 'of-the-pod' }] },
        status: { conditions, admissionChecks: checks },
      };
      return void response.end(JSON.stringify({ items: [workload] }));
    }
    if (path.endsWith('/log')) return void response.end(log);
    if (path.endsWith('/llm')) return void response.end(JSON.stringify(deployment));
    if (!query.includes('watch=true')) {
      const items = path.endsWith('/pods') ? [pods(at)] : path.endsWith('/deployments') ? [deployment] : [];
      return void response.end(JSON.stringify({ items, metadata: { resourceVersion: '1' } }));
    }
    if (!path.endsWith('/pods')) return response.flushHeaders();
    if (deny?.(response)) return;
    response.flushHeaders();
    const timer = setInterval(() => {
      const object = {
        ...pods((at += 1)),
        metadata: { name: 'llm-x', uid: 'of-the-pod', resourceVersion: String(at) },
      };
      response.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
    }, interval);
    response.on('close', () => clearInterval(timer));
  });
  const config = await kubeConfigOf(server, 'c');
  const watched = { namespace: 'n', deployment: 'llm', podLabels: {}, limits, progress };
  return await watchRollout(new Cluster(config, 'c'), watched);
}

beforeEach(() => {
  asked = [];
  at = 1;
  queued = checks = undefined;
  node = deny = undefined;
});
afterEach(() => new Promise(resolve => server.close(resolve)));

function pod(status: Pod['status']): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'llm-x', uid: 'of-the-pod' }, status };
}

const gated = pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] });
const last = { terminated: { reason: 'Error', exitCode: 1 } };
const crashed = pod({
  containerStatuses: [
    {
      name: 'engine',
      ready: false,
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: last,
    },
  ],
});

test('the time in a queue does not count, and the cause is the first error of the log', async () => {
  const log = `starting\nValueError: bad model\n${'frame\n'.repeat(100)}RuntimeError: See root cause above.\n`;
  // the queue alone is longer than the deadline
  const result = await watch(at => (at < 5 ? gated : crashed), log);
  expect(result).toMatchObject({
    ready: false,
    cause: 'The engine ends by itself with exit code 1 after it starts. Its first error: ValueError: bad model.',
  });
  // one list, and then what the watch says
  expect(asked.filter(request => request === 'get pods')).toHaveLength(1);
  expect(result.ready ? '' : result.logs.split('\n')[0]).toBe('ValueError: bad model');
});

test('a crash for want of another service is waited for', async () => {
  const log = 'panic: dial tcp 10.96.25.210:6379: connect: connection refused\n';
  const started = pod({
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: crashed.status?.containerStatuses,
  });
  expect(await watch(() => started, log, { scheduling: 30, pulling: 30, loading: 0.6 })).toMatchObject({
    ready: false,
    cause: expect.stringMatching(/^The engine ends by itself .* Given up after 1 s of .* connection refused\.$/),
    exceeded: 'loading',
  });
});

test('a start that gets nowhere is given up with what was seen last', async () => {
  const waits = pod({
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/1 nodes are available: 1 Insufficient cpu.',
      },
    ],
  });
  expect(await watch(() => waits)).toMatchObject({
    ready: false,
    cause: expect.stringMatching(/^No node has enough CPU left .* Given up after \d+ s of waiting for a node\.$/),
    exceeded: 'scheduling',
  });
});

test('neither the wait for a node nor the pull counts as the start of the engine', async () => {
  const engine = (state: ContainerState) =>
    pod({
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      containerStatuses: [{ name: 'engine', ready: false, restartCount: 0, state }],
    });
  const pulls = engine({ waiting: { reason: 'ContainerCreating' } });
  const loads = engine({ running: { startedAt: '2026-01-01T00:00:00Z' } });
  const result = await watch(at => (at < 3 ? pod({}) : at < 6 ? pulls : loads), '', {
    scheduling: 30,
    pulling: 30,
    loading: 0.6,
  });
  expect(at).toBeGreaterThan(6);
  expect(result).toMatchObject({
    ready: false,
    cause: 'No pod became ready and the cluster reports no error. Given up after 1 s of starting the containers.',
    exceeded: 'loading',
  });
});

test('a watch that breaks goes on, and the time without it counts for no phase', async () => {
  let broken = 0;
  // four tries are over three seconds apart in all, which is longer than any phase may take
  deny = response => broken++ < 4 && !!response.destroy();
  const waits = pod({ conditions: [{ type: 'PodScheduled', status: 'False' }] });
  const result = await watch(() => (at > 1 ? crashed : waits), '', { scheduling: 2, pulling: 2, loading: 2 });
  expect(broken).toBeGreaterThan(4);
  expect(result).toMatchObject({ ready: false, cause: expect.stringMatching(/^The engine ends by itself/) });
  expect(result).not.toHaveProperty('exceeded');
}, 20_000);

// words of Kueue: pkg/scheduler/flavorassigner/flavorassigner.go, pkg/controller/core/workload_controller.go
test.each([
  [
    'ExceedsMaxQuota',
    "couldn't assign flavors to pod set main: insufficient quota for nvidia.com/gpu in flavor l4, previously considered podsets requests (0) + current podset request (8) > maximum capacity (4)",
  ],
  // where it gives no reason of its own
  ['Pending', "couldn't assign flavors to pod set main: resource nvidia.com/gpu unavailable in ClusterQueue"],
  ['Inadmissible', "LocalQueue gpus doesn't exist"],
  // pkg/scheduler/scheduler.go
  ['Pending', "Workload namespace doesn't match ClusterQueue selector"],
  ['Pending', "resources didn't satisfy LimitRange constraints: spec.podSets[0]: Invalid value"],
  ['Pending', 'resources validation failed: spec.podSets[0]: Invalid value'],
])('a wait that the queue never ends is given up (%s)', async (reason, message) => {
  queued = { reason, message };
  expect(await watch(() => gated)).toMatchObject({
    ready: false,
    cause: expect.stringContaining(`does not admit it, and waiting does not change that: ${message}. Lower resources`),
    exceeded: 'scheduling',
  });
});

// https://kueue.sigs.k8s.io/docs/concepts/admission_check/: a request with quota is admitted when all its checks are Ready
test('a wait for a check beside the quota has no end, and names the check', async () => {
  checks = [
    { name: 'cost', state: 'Ready', message: '' },
    { name: 'nodes', state: 'Pending', message: 'Waiting for resources. Currently there are not enough.' },
  ];
  const said: string[] = [];
  await watch(
    at => (at < 5 ? gated : crashed),
    '',
    short,
    message => void said.push(message),
  );
  expect(said).toContainEqual(
    expect.stringMatching(
      /waits for its queue .*: AdmissionCheck nodes: Pending, Waiting for resources\. Currently there are not enough\.$/,
    ),
  );
});

test('a wait for quota has no end, and the queue says what it waits for', async () => {
  queued = { reason: 'Pending', message: 'insufficient unused quota for nvidia.com/gpu in flavor l4, 1 more needed' };
  const said: string[] = [];
  const progress = (message: string) => void said.push(message);
  await watch(at => (at < 5 ? gated : crashed), '', short, progress);
  expect(said).toContainEqual(
    expect.stringMatching(
      /waits for its queue .* insufficient unused quota for nvidia\.com\/gpu in flavor l4, 1 more needed\.$/,
    ),
  );
});

test('a login that may not watch is named at once', async () => {
  deny = response => {
    response.statusCode = 403;
    response.end('{"kind":"Status","message":"pods is forbidden: User \\"t\\" cannot watch resource \\"pods\\""}');
    return true;
  };
  await expect(watch(() => gated)).rejects.toMatchObject({
    status: 403,
    message: expect.stringMatching(/cannot watch/),
  });
});

test('a pod that loads on a node that does not answer', async () => {
  node = { type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' };
  const loading = {
    ...pod({ phase: 'Running', conditions: [{ type: 'PodScheduled', status: 'True' }] }),
    spec: { nodeName: 'n1' },
  } as Pod;
  expect(await watch(() => loading, '', { scheduling: 30, pulling: 7, loading: 7 })).toMatchObject({
    ready: false,
    cause: expect.stringMatching(
      /^The node n1 of the pod llm-x has not answered .*: Kubelet stopped posting node status\./,
    ),
  });
});
