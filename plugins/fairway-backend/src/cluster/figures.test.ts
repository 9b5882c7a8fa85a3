import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import { ClusterSeries } from '@fairway/indicators';
import { followFigures, poolKey } from './figures.ts';
import type { Figures } from './figures.ts';

const end = new AbortController();
afterAll(() => end.abort());

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

const h100 = { modelName: 'NVIDIA H100 80GB HBM3' };
const pcie = { modelName: 'NVIDIA H100 PCIe' };
const part = { ...h100, GPU_I_PROFILE: '1g.10gb' };
const answers: readonly [RegExp, readonly Series[]][] = [
  [/^count .*FB_USED/, [h100, pcie, part].map((metric, index) => ({ metric, value: [3, 1, 7][index] ?? 0 }))],
  [/^avg .*FB_USED/, [h100, pcie, part].map((metric, index) => ({ metric, value: [1000, 2000, 10][index] ?? 0 }))],
  // the driver counts no utilisation for parts of a GPU
  [/^avg .*GPU_UTIL/, [h100, pcie].map((metric, index) => ({ metric, value: [80, 40][index] ?? 0 }))],
  [
    /max_over_time\(DCGM_FI_DEV_GPU_UTIL/,
    [
      { metric: { exported_namespace: 'models', exported_pod: 'chat-1' }, value: 97 },
      { metric: { exported_namespace: 'models', exported_pod: 'embed-1' }, value: 0 },
    ],
  ],
  [
    /vllm:num_requests_waiting/,
    [
      { metric: { job: 'fairway/models/hello' }, value: 12 },
      { metric: { job: 'fairway/odd' }, value: 1 },
    ],
  ],
];

/** Prometheus' answers to the queries; there is no GPU here that a real one could have scraped. */
async function prometheusServer(): Promise<string> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://server').searchParams.get('query') ?? '';
    const found = answers.find(([pattern]) => pattern.test(query))?.[1] ?? [];
    const result = found.map(({ metric, value }) => ({ metric, value: [0, String(value)] }));
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  end.signal.addEventListener('abort', () => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const first = (url: string, logger = mockServices.logger.mock()) =>
  new Promise<Figures>(
    resolve => void followFigures('one', { url, series: ClusterSeries.labelled() }, logger, end.signal, resolve),
  );

test('means over a class, weighted by the devices of its products; queues by service', async () => {
  const { devices, saturation, idle } = await first(await prometheusServer());
  const whole = { class: 'nvidia-h100-80gb', resource: 'nvidia.com/gpu' };
  expect(devices.get(poolKey(whole))).toEqual({ memoryUsedBytes: 1250 * 1024 ** 2, utilisation: 70 });
  expect(devices.get(poolKey({ ...whole, resource: 'nvidia.com/mig-1g.10gb' }))).toEqual({
    memoryUsedBytes: 10 * 1024 ** 2,
    utilisation: undefined,
  });
  expect(saturation).toEqual([{ cluster: 'one', namespace: 'models', service: 'hello', waiting: 12 }]);
  expect([...idle]).toEqual([
    ['models/chat-1', false],
    ['models/embed-1', true],
  ]);
});

test('a Prometheus that does not answer leaves the figures out and is said', async () => {
  const logger = mockServices.logger.mock();
  const { devices, saturation } = await first('http://127.0.0.1:1', logger);
  expect([devices.size, saturation.length]).toEqual([0, 0]);
  expect(logger.warn).toHaveBeenCalledWith(expect.stringMatching(/GPU figures of the cluster one are left out: prom/));
});
