import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import { reasonOf } from '@fairway/service/reasons/reason';
import { configuredRedaction } from '../redaction.ts';
import { createCapacityTrends } from './capacity-trend.ts';

/** Noon, so that the day is not over. */
const now = Date.parse('2026-11-28T12:00:00.000Z');
const midnight = Date.parse('2026-11-28T00:00:00.000Z') / 1000;
const day = 86_400;

beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(now));
afterEach(() => jest.restoreAllMocks());
const end = new AbortController();
afterAll(() => end.abort());

const h100 = (product: string) => ({ modelName: product });
const mig = { modelName: 'NVIDIA A100-SXM4-80GB', GPU_I_PROFILE: '1g.10gb' };

/** Values at the ends of days, by how many days ago. */
const at = (metric: object, values: Readonly<Record<number, string>>) => ({
  metric,
  values: Object.entries(values).map(([ago, value]) => [midnight - Number(ago) * day, value]),
});

async function prometheusServer(answers: (query: string) => readonly object[] | undefined) {
  const asked: URLSearchParams[] = [];
  const server = createServer((incoming, response) => {
    const { searchParams } = new URL(incoming.url ?? '', 'http://server');
    asked.push(searchParams);
    const result = answers(searchParams.get('query') ?? '');
    if (!result) return void response.writeHead(400).end('no s3cr3t-of-prometheus');
    response.end(JSON.stringify({ status: 'success', data: { result } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  end.signal.addEventListener('abort', () => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function trends(...clusters: object[]) {
  const entries = clusters.map(cluster => ({ kubeconfig: '/none', context: 'c', ...cluster }));
  const config = mockServices.rootConfig({ data: { fairway: { clusters: entries } } });
  return createCapacityTrends({ config, logger: mockServices.logger.mock(), redaction: configuredRedaction(config) });
}

test('whole days by class: what there was, what pods held, what worked', async () => {
  const { url, asked } = await prometheusServer(query => {
    if (query.includes('GPU_UTIL')) return [at(h100('NVIDIA H100 80GB HBM3'), { 0: '5.5' })];
    if (query.includes('exported_pod'))
      return [at(h100('NVIDIA H100 80GB HBM3'), { 0: '6', 1: '0' }), at(mig, { 0: '2' })];
    return [
      at(h100('NVIDIA H100 80GB HBM3'), { 0: '8', 1: '8' }),
      // another product of the class, which came yesterday
      at(h100('NVIDIA H100 PCIe'), { 0: '4' }),
      at(mig, { 0: '7', 29: '7', 30: '9' }),
    ];
  });
  const views = trends({ name: 'east', prometheusUrl: url, prometheusLabels: { cluster: 'east' } }, { name: 'west' });
  const found = await views.read();
  expect(found).toMatchObject({ from: midnight - 30 * day, step: day });
  expect(found.clusters).toEqual([
    { name: 'east', state: 'live' },
    { name: 'west', state: 'unmonitored' },
  ]);
  expect(
    found.classes.map(({ cluster, class: of, ...values }) => [
      `${cluster} ${of}`,
      Object.fromEntries(
        Object.entries(values).map(([name, list]) => [name, [list.length, list[0], ...list.slice(-2)]]),
      ),
    ]),
  ).toEqual([
    [
      'east nvidia-a100-80gb 1g.10gb',
      { capacity: [30, 7, null, 7], requested: [30, null, null, 2], used: [30, null, null, null] },
    ],
    [
      'east nvidia-h100-80gb',
      { capacity: [30, null, 8, 12], requested: [30, null, 0, 6], used: [30, null, null, 5.5] },
    ],
  ]);
  expect(asked).toHaveLength(3);
  for (const query of asked) {
    expect(query.get('query')).toContain('cluster="east"');
    expect([query.get('start'), query.get('end'), query.get('step')].map(Number)).toEqual([
      midnight - 29 * day,
      midnight,
      day,
    ]);
  }
  // a day that is over does not change
  await views.read();
  expect(asked).toHaveLength(3);
});

test('a Prometheus that fails is named without its secrets, and asked again', async () => {
  const { url, asked } = await prometheusServer(() => undefined);
  const views = trends({ name: 'east', prometheusUrl: url.replace('//', '//u:s3cr3t-of-prometheus@') });
  const { clusters, classes } = await views.read();
  expect(classes).toEqual([]);
  expect(clusters).toEqual([
    {
      ...{ name: 'east', state: 'unreachable', message: expect.stringContaining('400') },
      coded: { code: 'list.then', parameters: expect.objectContaining({ second: reasonOf('prometheus.check') }) },
    },
  ]);
  expect(JSON.stringify(clusters)).not.toContain('s3cr3t');
  const before = asked.length;
  await views.read();
  expect(asked.length).toBeGreaterThan(before);
});
