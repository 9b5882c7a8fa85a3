import { createServer } from 'node:http';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { Cluster } from './cluster.ts';
import { passing } from './diagnosis/finding.ts';
import { diagnoseQueued } from './queued-pods.ts';
import type { Pod } from './workload.ts';

const owner = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'llm', uid: 'deployment' } };
const pod = (name: string): Pod => ({ metadata: { name, uid: name }, spec: { containers: [] } }) as unknown as Pod;
const seen = { ...passing(reasonOf('pod.queued', { pod: 'llm-a' })), queued: true };

/** What is said of two pods where the namespace has these Workloads of Kueue. */
async function said(workloads: readonly object[], version = 'v1beta2', status = 200) {
  const server = createServer(({ url = '' }, response) => {
    const [path = ''] = url.split('?');
    const resources = [{ name: 'workloads', kind: 'Workload', namespaced: true }];
    if (path === `/apis/kueue.x-k8s.io/${version}`) return void response.end(JSON.stringify({ resources }));
    const listed = path === `/apis/kueue.x-k8s.io/${version}/namespaces/team/workloads`;
    response.writeHead(listed ? status : 404).end(JSON.stringify(listed ? { items: workloads } : {}));
  });
  const config = await kubeConfigOf(server, 'c');
  try {
    return await diagnoseQueued(new Cluster(config, 'c'), 'team', [pod('llm-a'), pod('llm-b')], owner, seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const workload = (of: string, status: object, spec: object = { active: true }) => ({
  metadata: { name: `pod-${of}-1f0c2`, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: of, uid: of }] },
  spec,
  status,
});
const pending = (message: string, reason = 'Pending') => ({
  conditions: [{ type: 'QuotaReserved', status: 'False', reason, message }],
});
// pkg/scheduler/flavorassigner/flavorassigner.go
const noQuota = pending(
  "couldn't assign flavors to pod set main: insufficient unused quota for nvidia.com/gpu in flavor h100, 1 more needed.",
);
const tooMuch = pending(
  "couldn't assign flavors to pod set main: insufficient quota for nvidia.com/gpu in flavor h100, request > maximum capacity (8 > 4)",
);

test.each(['v1beta2', 'v1beta1'])('quota that others use is waited for (%s)', async version => {
  const found = await said([workload('llm-a', noQuota)], version);
  expect(found).toMatchObject({ final: false, queued: true });
  expect(found.cause).toBe(
    "The pod llm-a waits for its queue to admit it (scheduling gates); its start has not begun: couldn't assign flavors to pod set main: insufficient unused quota for nvidia.com/gpu in flavor h100, 1 more needed.",
  );
});

test('what never fits is named before what waits', async () => {
  const found = await said([workload('llm-a', noQuota), workload('llm-b', tooMuch)]);
  expect(found.queued).toBeUndefined();
  expect(found.cause).toMatch(
    /queue of the pod llm-b does not admit it, .*maximum capacity \(8 > 4\)\. Lower resources/,
  );
});

test('a group of pods is one request of what makes them', async () => {
  const { metadata, ...rest } = workload('x', tooMuch);
  const group = { ...rest, metadata: { ...metadata, ownerReferences: [{ uid: 'deployment' }] } };
  expect((await said([group])).cause).toMatch(/queue of the pod llm does not admit it/);
});

// https://kueue.sigs.k8s.io/docs/concepts/workload/#active: it evicts what runs, and nothing is admitted until it is set again.
// The words are those of pkg/controller/core/workload_controller.go; a condition of the quota may still be there (kueue issue 6018)
test.each([
  [
    { conditions: [{ type: 'QuotaReserved', status: 'True', reason: 'QuotaReserved', message: 'Quota reserved' }] },
    'The workload is deactivated',
  ],
  [pending('The workload is deactivated'), 'The workload is deactivated'],
  [
    {
      conditions: [
        {
          type: 'Evicted',
          status: 'True',
          reason: 'DeactivatedDueToAdmissionCheck',
          message: 'The workload is deactivated due to Admission check(s): gpu-check, were rejected',
        },
      ],
      admissionChecks: [
        { name: 'gpu-check', state: 'Pending', message: 'Reset to Pending after eviction. Previously: Rejected' },
      ],
    },
    'The workload is deactivated due to Admission check(s): gpu-check, were rejected',
  ],
])('a request that is deactivated is not waited for: %j', async (status, words) => {
  const found = await said([workload('llm-a', status, { active: false })]);
  expect(found.queued).toBeUndefined();
  expect(found.cause).toBe(
    `The request pod-llm-a-1f0c2 of the pod in its queue is deactivated, and nothing admits it: ${words}. Correct what it says, and run deploy again or set spec.active of that Workload to true.`,
  );
});

test('one that was activated again waits, whatever its conditions say yet', async () => {
  expect(await said([workload('llm-a', pending('The workload is deactivated'))])).toMatchObject({ queued: true });
});

test.each([
  ['requests of others', [workload('other', tooMuch)], 200],
  ['no right to look', [], 403],
])('%s say nothing of these pods', async (_name, workloads, status) => {
  expect(await said(workloads, 'v1beta2', status)).toBe(seen);
});
