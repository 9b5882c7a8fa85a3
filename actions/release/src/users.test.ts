import { engineProfile } from '@fairway/engines';
import { ClusterSeries } from '@fairway/indicators';
import type { Prometheus, Sample } from '@fairway/clients/prometheus/index';
import { versionTraffic } from '@fairway/targets/gateway/envoy/version-traffic';
import { tinyService } from '../../../test/fixtures/service.ts';
import { VersionWatch } from './users.ts';

const service = tinyService({
  engine: { name: 'vllm' },
  objectives: { timeToFirstToken: { percentile: 95, milliseconds: 400 } },
});
const all = ClusterSeries.labelled();
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'hello-chat', namespace: 'hello' },
  spec: {
    rules: [
      { name: 'candidate', backendRefs: [{ name: 'hello-new' }] },
      { name: 'serving', backendRefs: [{ name: 'hello-new' }, { name: 'hello-old' }] },
    ],
  },
};

/** Answers as Prometheus does for series that a test sets: by what their selectors say. */
function series(values: Map<string, number>): Pick<Prometheus, 'query'> {
  const find = (expression: string): Sample[] => {
    if (expression.startsWith('count by (le)'))
      return ['0.25', '0.5', '+Inf'].map(le => ({ metric: { le }, value: 1 }));
    return expression
      .split(' or ')
      .flatMap(one =>
        [...values].filter(([part]) => one.includes(part)).map(([part, value]) => ({ metric: { part }, value })),
      );
  };
  return { query: async expression => find(expression) };
}

const serving = 'httproute/hello/hello-chat/rule/1/backend/0';

test('users are those of the serving rule, and counters are read from when the watching began', async () => {
  const values = new Map([
    [`upstream_rq_xx{envoy_cluster_name="${serving}",envoy_response_code_class="5"}`, 1],
    [`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 100],
    ['cx_destroy_remote_with_active_rq', 2],
    ['time_to_first_token_seconds_count', 50],
    ['time_to_first_token_seconds_bucket{job="fairway/hello/hello",revision="new",le="0.25"}', 40],
    ['time_to_first_token_seconds_bucket{job="fairway/hello/hello",revision="new",le="0.5"}', 45],
  ]);
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(series(values), traffic, service, engineProfile('vllm'), 'new');
  await watch.begin();
  for (const [part, value] of values) values.set(part, 3 * value);
  const seen = await watch.look();
  expect(seen.users).toBe(200);
  // two answers with 500 and four that broke
  expect(seen.availability).toEqual({ events: 200, bad: 6 });
  // of 100 the limit of 400 ms has 80 below the edge under it, 90 below the one over it
  expect(seen.latencies['time-to-first-token']).toEqual({ events: 100, bad: 20, leastBad: 10 });
});

test('a counter that began anew counts from zero', async () => {
  const values = new Map([[`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 100]]);
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(series(values), traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  values.set(`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 7);
  expect((await watch.look()).users).toBe(7);
});

test('one pod of several that begins anew adds what it counted since, and the others what they counted more', async () => {
  const counts = { a: 1000, b: 500 };
  const server = {
    query: async (expression: string) =>
      expression.includes('upstream_rq_xx')
        ? Object.entries(counts).map(([pod, value]) => ({ metric: { pod }, value }))
        : [],
  };
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(server, traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  Object.assign(counts, { a: 1010, b: 3 });
  expect((await watch.look()).users).toBe(13);
});

test('what a pod counted stays when the pod goes, and counts each time that it begins anew', async () => {
  let counts: Record<string, number> = { a: 10, b: 5 };
  const server = {
    query: async (expression: string) =>
      expression.includes('upstream_rq_xx')
        ? Object.entries(counts).map(([pod, value]) => ({ metric: { pod }, value }))
        : [],
  };
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(server, traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  const users = async (now: Record<string, number>) => {
    counts = now;
    return (await watch.look()).users;
  };
  expect(await users({ a: 110, b: 5 })).toBe(100);
  expect(await users({ b: 6 })).toBe(101);
  expect(await users({ b: 2 })).toBe(103);
  expect(await users({ b: 9 })).toBe(110);
});

test.each([
  ['as this machine has it', 0],
  ['minutes ahead of this machine, which slept', 600],
  ['minutes behind it', -600],
])(
  'all counters of a look are of one moment, before the scrape that may be under way, by a clock %s',
  async (_name, ahead) => {
    const moments: number[] = [];
    const now = () => Date.now() / 1000 + ahead;
    const server = {
      query: async (expression: string, at = now()) => {
        if (expression === 'vector(time())') return [{ metric: {}, value: at }];
        if (expression.startsWith('count by (le)')) return [{ metric: { le: '0.5' }, value: 1 }];
        await new Promise(resolve => setTimeout(resolve, moments.push(at) * 2));
        return [];
      },
    };
    const traffic = versionTraffic(route, 'hello', 'new', all)!;
    const watch = await VersionWatch.open(server, traffic, service, engineProfile('vllm'), 'new');
    await watch.look();
    expect(moments.length).toBeGreaterThan(6);
    expect(new Set(moments).size).toBe(1);
    expect(moments[0]).toBeLessThan(now() - 4);
    expect(moments[0]).toBeGreaterThan(now() - 10);
  },
);

test('a connection that ended before its answer counts once, as the 503 of the gateway', async () => {
  const values = new Map([
    [`upstream_rq_xx{envoy_cluster_name="${serving}",envoy_response_code_class="5"}`, 0],
    [`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 0],
    [`upstream_rq{envoy_cluster_name="${serving}",envoy_response_code="503"}`, 0],
    ['cx_destroy_remote_with_active_rq', 0],
  ]);
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(series(values), traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  // four that ended before, and two in the middle
  for (const [at, part] of [...values.keys()].entries()) values.set(part, [4, 1000, 4, 6][at]!);
  expect((await watch.look()).availability).toEqual({ events: 1000, bad: 6 });
});

test('an answer that has begun and still runs is none yet: it may break', async () => {
  const values = new Map([
    [`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 0],
    ['cx_destroy_remote_with_active_rq', 0],
    ['sum(envoy_cluster_upstream_rq_active', 0],
  ]);
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(series(values), traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  const seen = async (...now: readonly number[]) => {
    for (const [at, part] of [...values.keys()].entries()) values.set(part, now[at]!);
    return (await watch.look()).availability;
  };
  // all of a hundred streams have begun
  expect(await seen(100, 0, 100)).toEqual({ events: 0, bad: 0, leastBad: 0 });
  expect(await seen(100, 4, 60)).toEqual({ events: 40, bad: 4, leastBad: 1.6 });
  expect(await seen(100, 10, 0)).toEqual({ events: 100, bad: 10 });
  // a queue in front of the answers hides none that ended badly
  expect(await seen(100, 10, 400)).toEqual({ events: 10, bad: 10, leastBad: 1 });
});

test("a sender over the gateway's limit of tokens is no error of the version, whose own 429 is one", async () => {
  const values = new Map([
    [`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 0],
    [`upstream_rq{envoy_cluster_name="${serving}",envoy_response_code="429"}`, 0],
    [`ratelimit_over_limit{envoy_cluster_name="${serving}"}`, 0],
  ]);
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(series(values), traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  for (const [at, part] of [...values.keys()].entries()) values.set(part, [150, 52, 50][at]!);
  expect(await watch.look()).toMatchObject({ users: 100, availability: { events: 100, bad: 2 } });
});

test('a value that is no number counts for nothing', async () => {
  const values = new Map([[`upstream_rq_xx{envoy_cluster_name="${serving}"}`, 5]]);
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(series(values), traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  for (const value of [NaN, 8]) {
    values.set([...values.keys()][0]!, value);
    expect((await watch.look()).users).toBe(value === 8 ? 3 : 0);
  }
});

test('a series that was away at the begin has not counted its whole life since', async () => {
  let now: { metric: Record<string, string>; value: number }[] = [];
  const server = {
    query: async (expression: string) => {
      if (!expression.includes('upstream_rq_xx')) return [];
      // Prometheus gives a value of the past without the name
      return expression.startsWith('last_over_time') ? [{ metric: { pod: 'proxy' }, value: 1_000_000 }] : now;
    },
  };
  const traffic = versionTraffic(route, 'hello', 'new', all)!;
  const watch = await VersionWatch.open(server, traffic, service, engineProfile('llamacpp'), 'new');
  await watch.begin();
  now = [
    { metric: { __name__: 'envoy_cluster_upstream_rq_xx', pod: 'proxy' }, value: 1_000_020 },
    { metric: { __name__: 'envoy_cluster_upstream_rq_xx', pod: 'new' }, value: 3 },
  ];
  expect((await watch.look()).users).toBe(23);
});

test('a version that is not on the route has no traffic', () => {
  expect(versionTraffic(route, 'hello', 'gone', all)).toBeUndefined();
});
