import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import request from 'supertest';
import { english, type Reason } from '@fairway/service/reasons/reason';
import { sampleDelivery } from '../testing/sample-delivery.ts';
import { noViews, startTestPortal, tokens } from '../testing/test-portal.ts';
import { configuredRedaction } from '../redaction.ts';
import { createIndicatorViews, type IndicatorQuestion } from './indicator-views.ts';

const end = new AbortController();
afterAll(() => end.abort());

interface Series {
  readonly metric?: Readonly<Record<string, string>>;
  /** What it is at a moment, in seconds since 1970; no sample without an answer. */
  readonly at: (time: number) => string | undefined;
}

/** Answers by what an expression contains; all others have no series. */
async function prometheusServer(answers: readonly (readonly [string, readonly Series[]])[], remarks: object = {}) {
  const asked: URLSearchParams[] = [];
  const server = createServer((incoming, response) => {
    const { searchParams } = new URL(incoming.url ?? '', 'http://server');
    asked.push(searchParams);
    const [start, last, step] = ['start', 'end', 'step'].map(name => Number(searchParams.get(name)));
    const moments: number[] = [];
    for (let time = start ?? 0; time <= (last ?? 0); time += step || 1) moments.push(time);
    const series = answers.find(([part]) => searchParams.get('query')?.includes(part))?.[1] ?? [];
    const result = series.map(({ metric = {}, at }) => ({
      metric,
      value: [0, at(0)],
      values: moments.flatMap(time => (at(time) === undefined ? [] : [[time, at(time)]])),
    }));
    response.end(JSON.stringify({ status: 'success', data: { result }, ...remarks }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  end.signal.addEventListener('abort', () => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const promises = (engine: string, more: object = {}) =>
  JSON.stringify({
    engine: { name: engine },
    objectives: {
      availability: 99.5,
      timeToFirstToken: { percentile: 95, milliseconds: 500 },
      interTokenLatency: { percentile: 90, milliseconds: 50 },
      goodput: 95,
      confidence: 95,
    },
    load: { outputTokens: 101 },
    ...more,
  });

function read(clusters: object[], question: Partial<IndicatorQuestion> = {}) {
  const entries = clusters.map(cluster => ({ kubeconfig: '/none', context: 'c', ...cluster }));
  const config = mockServices.rootConfig({ data: { fairway: { clusters: entries } } });
  const views = createIndicatorViews({
    config,
    logger: mockServices.logger.mock(),
    redaction: configuredRedaction(config),
  });
  return views.read({ namespace: 'models', service: 'chat', clusters: ['east'], file: promises('vllm'), ...question });
}

test('values stand at their moments, and a time without a value is a gap', async () => {
  const { url } = await prometheusServer([
    [
      'ratio_rate5m',
      // the last third of the hour has no request, so the ratio is 0 / 0
      [{ metric: { objective: 'availability' }, at: time => (time % 3600 < 2400 ? '0.001' : 'NaN') }],
    ],
    ['service:requests:rate5m', [{ at: time => (time % 3600 < 1200 ? undefined : '2.5') }]],
  ]);
  const { from, step, requests, objectives } = await read([{ name: 'east', prometheusUrl: url }]);
  const times = requests.map((_, place) => from + place * step);
  expect([requests.length, times.at(-1)! - times[0]!]).toEqual([61, 3600]);
  expect(requests).toEqual(times.map(time => (time % 3600 < 1200 ? null : 2.5)));
  expect(objectives[0]?.bad).toEqual(times.map(time => (time % 3600 < 2400 ? 0.001 : null)));
});

// https://thanos.io/tip/components/query.md/#partial-response
test('an answer without a part of the stores is shown, and said to be one', async () => {
  const warnings = ['receive series from Addr: 10.0.0.7:10901: rpc error: code = Unavailable'];
  const answers = [['service:requests:rate5m', [{ at: () => '2.5' }]]] as const;
  const [partial, whole] = [await prometheusServer(answers, { warnings }), await prometheusServer(answers)];
  const found = await read([{ name: 'east', prometheusUrl: partial.url }]);
  expect(found).toMatchObject({ state: 'live', partial: warnings[0] });
  expect(found.requests[0]).toBe(2.5);
  expect(await read([{ name: 'east', prometheusUrl: whole.url }])).not.toHaveProperty('partial');
});

test('of the budget is left what was not bad, and an overdrawn one is below zero', async () => {
  const record = (window: string, share: string) =>
    [`ratio_rate${window}{`, [{ metric: { objective: 'availability' }, at: () => share }]] as const;
  const { url } = await prometheusServer([record('5m', '0'), record('1h', '0.002'), record('3d', '0.006')]);
  const [availability] = (await read([{ name: 'east', prometheusUrl: url }])).objectives;
  // 99.5 % allow five bad ones of a thousand; six were
  expect(availability).toMatchObject({ name: 'availability', allowed: 0.005, badLastHour: 0.002 });
  expect(availability?.budgetLeft?.every(left => Math.abs(left! + 0.2) < 1e-9)).toBe(true);
});

test('latencies are those of users, at the percentile that is promised too, in milliseconds', async () => {
  const { url, asked } = await prometheusServer([
    ['histogram_quantile(0.95, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket', [{ at: () => '420' }]],
  ]);
  const { latencies, objectives, withoutHistograms } = await read([{ name: 'east', prometheusUrl: url }]);
  expect(latencies.map(({ name, limit, lines }) => [name, limit, lines.map(({ percentile }) => percentile)])).toEqual([
    ['time-to-first-token', { percentile: 95, milliseconds: 500 }, [50, 95, 99]],
    ['inter-token-latency', { percentile: 90, milliseconds: 50 }, [50, 90, 99]],
    ['whole-answer', undefined, [50, 99]],
  ]);
  expect(latencies[0]?.lines.map(({ values }) => values[0])).toEqual([null, 420, null]);
  expect(objectives.map(({ name }) => name)).toEqual([
    ...['availability', 'time-to-first-token', 'inter-token-latency', 'goodput'],
  ]);
  expect(withoutHistograms).toBeUndefined();
  const quantiles = asked.map(query => query.get('query')).filter(text => text?.includes('first_token'));
  expect(quantiles.every(text => text?.includes('{job="fairway/models/chat",users="true"}[5m]'))).toBe(true);
});

test('an engine without histograms is seen by its whole answers, and the answer names it', async () => {
  const { url } = await prometheusServer([]);
  const answer = await read([{ name: 'east', prometheusUrl: url }], { file: promises('llamacpp'), range: '7d' });
  expect(answer).toMatchObject({ state: 'live', withoutHistograms: 'llamacpp', step: 3600 });
  // 500 ms to the first token and a hundred gaps of 50 ms
  expect(answer.latencies.map(({ name, limit }) => [name, limit])).toEqual([
    ['whole-answer', { percentile: 90, milliseconds: 5500 }],
  ]);
  expect(answer.objectives.map(({ name }) => name)).toEqual(['availability', 'stream-duration', 'goodput']);
});

test('behind a gateway of the team nobody counts its requests, and the answer says whose it is', async () => {
  const { url } = await prometheusServer([]);
  const file = promises('vllm', { gateway: { own: 'Kong' } });
  const answer = await read([{ name: 'east', prometheusUrl: url }], { file });
  expect(answer.ownGateway).toBe('Kong');
  expect(answer.objectives.map(({ name }) => name)).not.toContain('availability');
  expect(answer.latencies.map(({ name }) => name)).not.toContain('whole-answer');
});

test('a service without a fairway.yaml in the portal has no objectives, but requests', async () => {
  const { url } = await prometheusServer([['service:requests', [{ at: () => '1' }]]]);
  const answer = await read([{ name: 'east', prometheusUrl: url }], { file: undefined });
  expect([answer.objectives, answer.latencies, answer.requests[0]]).toEqual([[], [], 1]);
});

test('without a Prometheus, or one that answers, nothing is told of the service and the answer says why', async () => {
  const dark = { objectives: [], latencies: [], requests: [], versions: [] };
  expect(await read([{ name: 'east' }])).toMatchObject({ state: 'unmonitored', cluster: 'east', ...dark });
  expect(await read([{ name: 'east' }, { name: 'west' }], { clusters: [] })).toMatchObject({
    state: 'nowhere',
    ...dark,
  });
  const gone = await read([{ name: 'east', prometheusUrl: 'http://reader:hunter2@127.0.0.1:1' }]);
  expect(gone).toMatchObject({ state: 'unreachable', ...dark });
  expect(gone.message).toMatch(/^prometheus: GET .*127\.0\.0\.1:1/);
  expect(english(gone.coded as Reason)).toBe(gone.message);
  expect(JSON.stringify(gone)).not.toContain('hunter2');
});

test('a name cannot ask Prometheus for something else', async () => {
  const { url, asked } = await prometheusServer([]);
  for (const changed of [{ service: 'a"} or up{x="' }, { namespace: 'b",job=~".*' }])
    await expect(read([{ name: 'east', prometheusUrl: url }], changed)).rejects.toThrow('is no name that Kubernetes');
  await expect(read([{ name: 'east' }], { cluster: 'north' })).rejects.toThrow(
    'watches no cluster of the name "north"',
  );
  expect(asked).toEqual([]);
});

test('over the API: of the cluster that serves, by the fairway.yaml of the last delivery', async () => {
  const { url } = await prometheusServer([]);
  const version = (revision: string, readyReplicas: number) => ({
    ...{ revision, image: 'i', replicas: 1, readyReplicas, weight: 100, createdAt: '2026-11-25T09:00:00Z', pods: [] },
    state: 'ready' as const,
  });
  const { server } = await startTestPortal({
    config: {
      clusters: [
        { name: 'east', kubeconfig: '/none', context: 'c', prometheusUrl: url },
        { name: 'west', kubeconfig: '/none', context: 'c', prometheusUrl: url },
      ],
    },
    views: {
      createClusterViews: async options => ({
        ...(await noViews.createClusterViews(options)),
        deployments: () => ({
          clusters: [],
          items: [
            { cluster: 'east', namespace: 'hello-llm', service: 'hello-llm', versions: [version('a', 0)] },
            { cluster: 'west', namespace: 'hello-llm', service: 'hello-llm', versions: [version('a', 1)] },
          ],
        }),
      }),
    },
  });
  const get = (path: string) =>
    request(server)
      .get(`/api/fairway${path}`)
      .set({ authorization: `Bearer ${tokens.all}` });
  await request(server)
    .post('/api/fairway/deliveries')
    .set({ authorization: `Bearer ${tokens.all}` })
    .send(sampleDelivery())
    .expect(200);
  const { body } = await get('/services/hello-llm/hello-llm/indicators').expect(200);
  expect(body).toMatchObject({ cluster: 'west', clusters: ['west', 'east'], withoutHistograms: 'llamacpp' });
  expect((await get('/services/hello-llm/hello-llm/indicators?cluster=east')).body.cluster).toBe('east');
  const summary = await get('/services/hello-llm/hello-llm/summary').expect(200);
  expect(summary.body).toEqual((await get('/services')).body.items[0]);
  const missing = await get('/services/hello-llm/other/summary');
  expect([missing.status, missing.body.error.message]).toEqual([
    404,
    'No delivery of hello-llm/other has read its fairway.yaml.',
  ]);
});
