import { StartClock } from './start-clock.ts';
import type { ClusterEvent, Pod } from './workload.ts';

const image = 'registry.example.com/llm@sha256:5c62';

function pod(uid: string, ready: boolean): Pod {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: uid, uid } },
    spec: {
      containers: [
        { name: 'proxy', image: 'proxy' },
        { name: 'engine', image },
      ],
    },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

// as kubelets write them: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/images/image_manager.go
function pulling(uid: string, of: string): ClusterEvent {
  const metadata = { name: `${uid}.${of}` };
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata, reason: 'Pulling', message: `Pulling image "${of}"` },
    involvedObject: { kind: 'Pod', name: uid, uid },
  };
}

test('a start counts from the first image that is pulled until the slowest pod is ready', () => {
  const clock = new StartClock();
  clock.look([pod('a', false), pod('b', false)], [], 0);
  const events = [pulling('a', 'proxy'), pulling('b', image)];
  clock.look([pod('a', false), pod('b', false)], events, 1000);
  clock.look([pod('a', false), pod('b', true)], [...events, pulling('a', image)], 21_000);
  clock.look([pod('a', true), pod('b', true)], [...events, pulling('a', image)], 31_500);
  expect(clock.seconds).toBe(30.5);
});

test('nodes that have the image are not cold, and pods of others do not count', () => {
  const clock = new StartClock();
  const events = [pulling('a', 'proxy'), pulling('other', image)];
  clock.look([pod('a', false)], events, 0);
  clock.look([pod('a', true)], events, 5000);
  expect(clock.seconds).toBeUndefined();
});
