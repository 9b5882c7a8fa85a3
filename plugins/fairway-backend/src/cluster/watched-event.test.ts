import { keepEvent } from './watched-event.ts';

const event = (reason: string, message: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'n' },
  reason,
  message,
  involvedObject: { kind: 'Pod', name: 'p' },
});

test.each([
  ['TriggeredScaleUp', 'pod triggered scale-up: [{gpu 0->1 (max: 4)}]', true],
  ['Nominated', 'Pod should schedule on: nodeclaim/gpu-x', true],
  ['FailedScheduling', 'Failed to schedule pod, incompatible with nodepool "default"', true],
  // in the state of the pod too, and there are many of them
  ['FailedScheduling', '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.', false],
  ['FailedPrepareDynamicResources', 'Failed to prepare dynamic resources', true],
  ['Pulled', 'Successfully pulled image', false],
])('%s: %s', (reason, message, kept) => {
  expect(keepEvent(event(reason, message)) !== undefined).toBe(kept);
});
