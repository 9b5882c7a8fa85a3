import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { podView } from './pod-view.ts';
import { keepServicePod } from './service-pod.ts';

const began = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number) => began + seconds * 1000;

/** A pod of which Kubernetes may wait 120 s for its container to start. */
function pod(status: Record<string, unknown>): KubernetesObject {
  const startupProbe = { periodSeconds: 1, failureThreshold: 120 };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { nodeName: 'node', containers: [{ name: 'engine', startupProbe }] },
    status: { phase: 'Running', startTime: '2026-01-01T00:00:00Z', ...status },
  };
}

const container = (state: object, more: object = {}) => ({
  containerStatuses: [{ name: 'engine', ready: false, restartCount: 0, state, ...more }],
});
const running = container({ running: { startedAt: '2026-01-01T00:00:00Z' } });
const scheduling = (reason: string) => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason, message: '0/3 nodes are available' }],
});
// what `deploy` writes with the defaults of fairway.yaml: 600 s for a node, 1,800 s for the image, 120 s to load and 60 s to settle
const deadline = 2580;
const stateOf = (status: Record<string, unknown>, seconds: number) =>
  podView(keepServicePod(pod(status)).pod, [], at(seconds), deadline).state;

test.each([
  ['a container that runs, within its startup probe', running, 119, 'starting'],
  ['the same beyond it', running, 121, 'failing'],
  ['an image that takes a quarter of an hour', container({ waiting: {} }), 900, 'starting'],
  ['the same beyond the deadline of the rollout', container({ waiting: {} }), 2581, 'failing'],
  ['a pod that no node can take yet', scheduling('Unschedulable'), 30, 'starting'],
  ['the same for long', scheduling('Unschedulable'), 2581, 'failing'],
  ['a pod that a queue holds', scheduling('SchedulingGated'), 100_000, 'starting'],
  ['an image that is not there', container({ waiting: { reason: 'InvalidImageName' } }), 1, 'failing'],
  ['a second crash', container({ terminated: { exitCode: 1 } }, { restartCount: 1 }), 1, 'failing'],
  ['a pod that the node evicted', { phase: 'Failed', reason: 'Evicted' }, 1, 'failing'],
  ['a pod that is ready', { conditions: [{ type: 'Ready', status: 'True' }] }, 1, 'ready'],
])('%s after so many seconds', (_name, status, seconds, state) => {
  expect(stateOf(status, seconds)).toBe(state);
});

test('one that is told to end ends', () => {
  const ending = pod(running);
  const told = { ...ending, metadata: { ...ending.metadata, deletionTimestamp: '2026-01-01T00:00:01Z' } };
  expect(podView(keepServicePod(told).pod, [], at(500), deadline).state).toBe('ending');
});

test.each([
  ['Evicted', 'The node was low on resource: memory. ', /^The node node evicted the pod p: .*Raise resources\.memory/],
  [
    'UnexpectedAdmissionError',
    'Pod was rejected: Allocate failed due to no healthy devices present',
    /^The node node does not admit the pod p: .*device plugin/,
  ],
])('a pod that ended as %s has the words of deploy', (reason, message, words) => {
  const ended = keepServicePod(pod({ phase: 'Failed', reason, message })).pod;
  expect(podView(ended, [], at(1), deadline)).toMatchObject({ state: 'failing', reason: expect.stringMatching(words) });
});

test('a pod that ended without a reason says so', () => {
  const ended = keepServicePod(pod({ phase: 'Failed' })).pod;
  expect(podView(ended, [], at(1), deadline).reason).toBe('It was ended: the cluster gives no reason');
});

test.each([
  ['a deadline of the workload alone decides', 600, 601, 'failing'],
  // 600 s for a node, 1,800 s for the image, and the 120 s of its startup probe
  ['a workload without a deadline has the defaults of fairway.yaml', undefined, 2519, 'starting'],
  ['and no more', undefined, 2521, 'failing'],
])('%s', (_name, given, seconds, state) => {
  const waiting = keepServicePod(pod(container({ waiting: {} }))).pod;
  expect(podView(waiting, [], at(seconds), given).state).toBe(state);
});
