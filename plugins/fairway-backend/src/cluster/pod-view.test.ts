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
const stateOf = (status: Record<string, unknown>, seconds: number) =>
  podView(keepServicePod(pod(status)).pod, [], at(seconds)).state;

test.each([
  ['a container that runs, within its startup probe', running, 119, 'starting'],
  ['the same beyond it', running, 121, 'failing'],
  ['an image that is being pulled, within the deadline of a rollout', container({ waiting: {} }), 599, 'starting'],
  ['the same beyond it', container({ waiting: {} }), 601, 'failing'],
  ['a pod that no node can take yet', scheduling('Unschedulable'), 30, 'starting'],
  ['the same for long', scheduling('Unschedulable'), 601, 'failing'],
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
  expect(podView(keepServicePod(told).pod, [], at(500)).state).toBe('ending');
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
  expect(podView(ended, [], at(1))).toMatchObject({ state: 'failing', reason: expect.stringMatching(words) });
});

test('a pod that ended without a reason says so', () => {
  const ended = keepServicePod(pod({ phase: 'Failed' })).pod;
  expect(podView(ended, [], at(1)).reason).toBe('It was ended: the cluster gives no reason');
});
