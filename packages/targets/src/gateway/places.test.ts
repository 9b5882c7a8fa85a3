import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { placed, placesOf, weightPatch, withShares } from './places.ts';

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

test('new shares keep the rest of the route and drop what the cluster adds', () => {
  const moved = withShares(route, 'hello', new Map([['bbbbbbbb', 100]])) as HttpRoute;
  const service = { 'gateway.envoyproxy.io/service': 'hello' };
  const version = { 'gateway.envoyproxy.io/version': 'bbbbbbbb' };
  expect(moved.metadata).toEqual({
    name: 'hello-chat',
    namespace: 'llm',
    annotations: { ...service, ...version },
  });
  const divided = withShares(
    route,
    'hello',
    new Map([
      ['bbbbbbbb', 25],
      ['aaaaaaaa', 75],
    ]),
  );
  expect(divided.metadata.annotations).toEqual(service);
  expect(moved.spec?.rules?.[0]).toEqual(route.spec?.rules?.[0]);
  const backends = moved.spec?.rules?.[1]?.backendRefs ?? [];
  expect(backends.filter(({ weight }) => weight !== 0)).toEqual([
    { name: 'hello-bbbbbbbb', weight: 1_000_000, port: 8080 },
  ]);
  expect([...sharesOf(moved, 'hello')]).toEqual([['bbbbbbbb', 100]]);
});

describe('a route that somebody else applies', () => {
  const { spec } = route;
  const served = (backendRefs: readonly { name: string; weight: number }[]): HttpRoute => ({
    ...route,
    spec: { ...spec, rules: [spec!.rules![0]!, { name: 'serving', backendRefs }] },
  });
  const value = (patch: readonly object[], path: string) =>
    (patch as { op: string; path: string; value?: unknown }[]).find(one => one.op !== 'test' && one.path === path)
      ?.value;

  test('gets weights and says which version has all users, and nothing else', () => {
    const divided = served([
      { name: 'hello-aaaaaaaa', weight: 1_000_000 },
      { name: 'hello-bbbbbbbb', weight: 1 },
    ]);
    const patch = weightPatch(divided, 'hello', new Map([['bbbbbbbb', 100], ['aaaaaaaa', 0]])); // prettier-ignore
    expect(value(patch, '/spec/rules/1/backendRefs/0/weight')).toBe(1);
    expect(value(patch, '/spec/rules/1/backendRefs/1/weight')).toBe(1_000_000);
    expect(value(patch, '/metadata/annotations/gateway.envoyproxy.io~1version')).toBe('bbbbbbbb');
    expect(patch.filter(one => 'op' in one && one.op !== 'test')).toHaveLength(3);
  });

  test('keeps a version at the place where it has users, and leaves no share to one that is not named', () => {
    const left = served([
      { name: 'hello-bbbbbbbb', weight: 0 },
      { name: 'hello-bbbbbbbb', weight: 1_000_000 },
      { name: 'hello-cccccccc', weight: 1 },
    ]);
    const patch = weightPatch(left, 'hello', new Map([['bbbbbbbb', 100], ['dddddddd', 0]])); // prettier-ignore
    const weights = [0, 1, 2].map(index => value(patch, `/spec/rules/1/backendRefs/${index}/weight`));
    expect(weights).toEqual([0, 1_000_000, 0]);
  });
});

describe('places of the versions', () => {
  const backendOf = (revision: string) => ({ name: `hello-${revision}` });
  /** What the next delivery reads of a route with these backends. */
  const read = (backendRefs: readonly { name: string; weight: number }[]) => {
    const found = { ...route, spec: { rules: [{ name: 'serving', backendRefs }] } };
    return { places: placesOf(found, 'hello'), shares: Object.fromEntries(sharesOf(found, 'hello')) };
  };

  test('a version keeps its place from its first probe to the end of a rollback', () => {
    const steps = [
      [['a', 100]],
      [
        ['a', 100],
        ['b', 0],
      ],
      [
        ['a', 75],
        ['b', 25],
      ],
      [
        ['a', 0],
        ['b', 100],
      ],
      [['b', 100]],
      [
        ['b', 100],
        ['c', 0],
      ],
    ] as [string, number][][];
    let places = read([]).places;
    const seen: (readonly (string | undefined)[])[] = [];
    for (const step of steps) {
      const backends = placed(places, new Map(step), backendOf);
      // one that is there is never without a cluster
      for (const [revision] of step)
        expect(backends.some(({ name, weight }) => name === `hello-${revision}` && weight > 0)).toBe(true);
      const found = read(backends);
      expect(found.shares).toEqual(Object.fromEntries(step));
      places = found.places;
      seen.push(places);
    }
    expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b'], ['a', 'b'], [undefined, 'b'], [undefined, 'b', 'c']]);
  });

  test('a rule never has more than sixteen, and a place is taken again last', () => {
    let places = read([]).places;
    for (let version = 0; version < 40; version++) {
      const one = (revision: number) => `v${revision}`;
      const stable = placed(places, new Map([[one(version), 100]]), backendOf);
      const both = placed(
        read(stable).places,
        new Map([
          [one(version), 100],
          [one(version + 1), 0],
        ]),
        backendOf,
      );
      expect(both.length).toBeLessThanOrEqual(16);
      const next = read(both).places;
      expect(next.indexOf(one(version))).toBe(read(stable).places.indexOf(one(version)));
      places = next;
    }
  });
});
