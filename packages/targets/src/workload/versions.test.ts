import type { Deployment } from '@fairway/clients/kubernetes/workload';
import { abandonedRevisions, previousRevision } from './versions.ts';

function version(revision: string, ready: boolean, released = false): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: `hello-${revision}`,
      generation: 1,
      labels: { 'fairway.dev/revision': revision },
      annotations: (released ? { 'fairway.dev/released-by': 'delivery' } : {}) as Record<string, string>,
    },
    spec: { replicas: 1 },
    status: ready ? { observedGeneration: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 } : {},
  };
}

test.each([
  ['nothing before', [version('c', true)], undefined],
  ['the released one before a newer candidate', [version('b', true), version('a', true, true)], 'a'],
  ['the newest ready one when none was released', [version('b', true), version('a', true)], 'b'],
  ['one that is not ready does not serve', [version('b', false, true), version('a', true)], 'a'],
])('%s', (_name, found, expected) => {
  expect(previousRevision(found, 'c')).toBe(expected);
});

test('candidates without users are abandoned, whoever gets traffic or is named is not', () => {
  const found = [version('d', true), version('c', true), version('b', false), version('a', true)];
  const shares = new Map([
    ['c', 0],
    ['a', 100],
    ['x', 5],
  ]);
  expect(abandonedRevisions(found, shares, ['d', undefined])).toEqual(['c', 'b']);
  expect(abandonedRevisions(found, new Map(), ['d', 'a'])).toEqual(['c', 'b']);
});

test('a version that is kept for a while goes by itself', () => {
  const kept = version('b', true, true);
  Object.assign(kept.metadata, {
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'hello-b-keep', uid: '1' }],
  });
  expect(abandonedRevisions([kept, version('a', true)], new Map(), ['d'])).toEqual(['a']);
});
