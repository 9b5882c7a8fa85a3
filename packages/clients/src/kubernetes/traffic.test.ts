import { enteringWeights, podShares, sharesOf } from './traffic.ts';
import type { HttpRoute } from './traffic.ts';
import type { Deployment } from './workload.ts';

const route: HttpRoute = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: {
    name: 'hello-chat',
    namespace: 'llm',
    resourceVersion: '7',
    annotations: { 'gateway.envoyproxy.io/service': 'hello' },
  },
  spec: {
    parentRefs: [{ name: 'fairway' }],
    rules: [
      { name: 'candidate', backendRefs: [{ name: 'hello-bbbbbbbb', weight: 1 }] },
      {
        name: 'serving',
        backendRefs: [
          { name: 'hello-bbbbbbbb', weight: 0, port: 8080 },
          { name: 'hello-aaaaaaaa', weight: 100, port: 8080 },
        ],
      },
    ],
  },
};

const version = (revision: string, readyReplicas: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `hello-${revision}`, labels: { 'fairway.dev/revision': revision } },
  status: { readyReplicas },
});

test.each([
  ['one version alone', [2, 1], ['a'], [100, 0]],
  ['one whose pods are not ready', [0, 1], ['a'], [100, 0]],
  ['both by their pods', [1, 3], ['a', 'b'], [25, 75]],
  ['none of which a pod is ready', [0, 0], ['a', 'b'], [0, 0]],
  ['none yet', [2, 1], [], [0, 0]],
])('shares by pods: %s', (_name, [a, b], reached, expected) => {
  const shares = podShares([version('a', a!), version('b', b!)], revision => reached.includes(revision));
  expect([...shares.values()]).toEqual(expected);
});

test('shares are read from the serving rule only', () => {
  expect([...sharesOf(route, 'hello')]).toEqual([
    ['bbbbbbbb', 0],
    ['aaaaaaaa', 100],
  ]);
  expect(sharesOf(undefined, 'hello').size).toBe(0);
});

test.each([
  ['a first delivery serves at once', {}, ['c'], undefined, 100],
  ['the version that serves keeps everything', { a: 100 }, ['a', 'c'], 'a', 0],
  ['the same version again', { c: 100 }, ['c'], undefined, 100],
  ['a release that broke off goes back', { a: 75, c: 25 }, ['a', 'c'], 'a', 0],
  ['a broken-off release of another candidate', { a: 75, b: 25 }, ['a', 'b', 'c'], 'a', 0],
  ['a version that is gone does not count', { a: 100 }, ['c'], undefined, 100],
])('%s', (_name, shares, present, stable, weight) => {
  const weights = enteringWeights(new Map(Object.entries(shares)), 'c', new Set(present));
  expect(weights.stable?.revision).toBe(stable);
  expect(weights.candidate).toEqual({ revision: 'c', weight });
});

test('the version that was released last is stable, whatever share a broken-off release left it', () => {
  const shares = new Map([
    ['a', 25],
    ['b', 75],
  ]);
  const present = new Set(['a', 'b', 'c']);
  expect(enteringWeights(shares, 'c', present, 'a').stable).toEqual({ revision: 'a', weight: 100 });
  expect(enteringWeights(shares, 'b', present, 'a')).toEqual({
    candidate: { revision: 'b', weight: 0 },
    stable: { revision: 'a', weight: 100 },
  });
});
