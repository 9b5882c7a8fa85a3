import { releasedRevisions, wayBack } from './released.ts';
import type { Deployment } from './workload.ts';

function version(revision: string, releasedAt?: string): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: `hello-${revision}`,
      labels: { 'fairway.dev/revision': revision },
      annotations: {
        ...(releasedAt !== undefined && { 'fairway.dev/released-by': 'delivery' }),
        ...(releasedAt && { 'fairway.dev/released-at': releasedAt }),
      },
    },
  };
}

const old = version('old', '2026-11-26T09:00:00.000Z');
const last = version('last', '2026-11-26T11:00:00.000Z');
const shares = (weights: Record<string, number>) => new Map(Object.entries(weights));

test('released versions, the last one first, whenever their deployments were made', () => {
  expect(releasedRevisions([version('candidate'), old, last, version('before-times-were-noted', '')])).toEqual([
    'last',
    'old',
    'before-times-were-noted',
  ]);
});

test.each([
  ['a whole release to the one before it', [last, old], { last: 100, old: 0 }, 'old'],
  ['a candidate in its steps to the last release', [version('new'), last, old], { new: 25, last: 75, old: 0 }, 'last'],
  ['a candidate that has all users to the last release', [version('new'), last], { new: 100, last: 0 }, 'last'],
  ['a version that left the route is no way back', [last, old], { last: 100 }, undefined],
  ['the first release has nothing before it', [last], { last: 100 }, undefined],
  ['a candidate that nobody was released before', [version('new')], { new: 100 }, undefined],
])('%s', (_name, found, weights, to) => {
  expect(wayBack(found, shares(weights)).to).toBe(to);
});
