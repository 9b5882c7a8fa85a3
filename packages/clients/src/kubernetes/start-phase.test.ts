import { startPhase } from './start-phase.ts';
import type { ContainerState, Pod } from './workload.ts';

function pod(status: Pod['status'], nodeName?: string): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'llm-x' }, spec: { nodeName }, status };
}

function engine(state: ContainerState, restartCount = 0): Pod {
  return pod(
    { phase: 'Pending', containerStatuses: [{ name: 'engine', ready: false, restartCount, state }] },
    'node-1',
  );
}

const waiting = pod({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
});
const loading = engine({ running: { startedAt: '2026-01-01T00:00:00Z' } });
const ready = pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }, 'node-1');

test.each([
  ['a pod without a node', [waiting], 'scheduling'],
  ['a pod that is not made yet', [], 'scheduling'],
  ['one of two pods that are made', [ready], 'scheduling', 2],
  ['a node and nothing else yet', [pod({ phase: 'Pending' }, 'node-1')], 'pulling'],
  ['an image that is pulled', [engine({ waiting: { reason: 'ContainerCreating' } })], 'pulling'],
  ['a pull that is tried again', [engine({ waiting: { reason: 'ImagePullBackOff' } })], 'pulling'],
  ['a container that runs', [loading], 'loading'],
  ['a container that ended', [engine({ terminated: { exitCode: 1 } })], 'loading'],
  ['a container that waits to run again', [engine({ waiting: { reason: 'CrashLoopBackOff' } }, 1)], 'loading'],
  ['the slowest of several pods', [ready, loading, waiting], 'scheduling', 3],
  [
    'a pod that is on its way out',
    [{ ...waiting, metadata: { name: 'llm-y', deletionTimestamp: '2026-01-01T00:00:00Z' } }, loading],
    'loading',
  ],
] satisfies [string, Pod[], string, number?][])('%s is a matter of its phase', (_what, pods, phase, desired = 1) => {
  expect(startPhase(pods, desired)).toBe(phase);
});
