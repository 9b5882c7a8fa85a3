import { isReady } from './workload.ts';
import type { Deployment } from './workload.ts';

const two = { replicas: 2, updatedReplicas: 2, readyReplicas: 2 };

test.each([
  ['Deployment', { ...two, availableReplicas: 2, observedGeneration: 3 }, true],
  ['Deployment', { ...two, availableReplicas: 2, observedGeneration: 2 }, false],
  // its controller writes the generation as text
  ['Rollout', { ...two, availableReplicas: 2, observedGeneration: '3' }, true],
  ['Rollout', { ...two, availableReplicas: 2, observedGeneration: '2' }, false],
  // and this one neither the generation nor what is available
  ['LeaderWorkerSet', two, true],
  ['LeaderWorkerSet', { ...two, readyReplicas: 1 }, false],
  ['LeaderWorkerSet', undefined, false],
  // `ReadyReplicas` of KServe 0.20 are the available ones of the Deployment that it makes
  ['LLMInferenceService', { workloads: { primary: { readyReplicas: 2 } }, observedGeneration: 3 }, true],
  ['LLMInferenceService', { workloads: { primary: { readyReplicas: 1 } }, observedGeneration: 3 }, false],
  ['LLMInferenceService', { workloads: { primary: { readyReplicas: 2 } }, observedGeneration: 2 }, false],
  ['LLMInferenceService', { conditions: [{ type: 'Ready', status: 'True' }], observedGeneration: 3 }, false],
])('%s with the status %j is ready: %s', (kind, status, expected) => {
  const workload: Deployment = {
    apiVersion: '',
    kind,
    metadata: { name: 'a', generation: 3 },
    spec: { replicas: 2 },
    status,
  };
  expect(isReady(workload)).toBe(expected);
});
