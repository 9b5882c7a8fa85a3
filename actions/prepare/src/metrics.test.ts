import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@fairway/clients/docker/free-port';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { inEnglish } from '../../../test/fixtures/in-english.ts';
import { startMimirRuler } from '../../../test/fixtures/mimir-ruler.ts';
import { tinyService } from '../../../test/fixtures/service.ts';
import { metricsMissing } from './metrics.ts';

const { signal } = new AbortController();
const service = tinyService({ monitoring: { labels: { cluster: 'prod-eu' } } });
const login = { 'prometheus-token': 'hush' };
let server: Server;
let url: string;
/** Expressions that have a sample. */
let known: readonly string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
    if (pathname.startsWith('/portal')) return void response.end('<html>Log in</html>');
    if (pathname.startsWith('/down')) return void response.writeHead(500).end('ingesters are restarting');
    if (request.headers.authorization !== 'Bearer hush') return void response.writeHead(401).end('unknown token');
    const result = known.includes(searchParams.get('query') ?? '') ? [{ metric: {}, value: [0, '1'] }] : [];
    response.end(JSON.stringify({ status: 'success', data: { result } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => (known = ['count(up{cluster="prod-eu"})', 'vector(1)']));
afterAll(() => (server.closeAllConnections(), server.close()));

const look = async (inputs: Readonly<Record<string, string>>, of = service) =>
  inEnglish(await metricsMissing(inputs, prometheusLogin(inputs), of, signal));

test('what lets this side in is said nothing of, and what nobody named is not asked', async () => {
  expect(await look({ ...login, 'prometheus-url': url })).toEqual({});
  expect(await look({ ...login, 'prometheus-url': url }, tinyService())).toEqual({});
  expect(await look({})).toEqual({});
});

test.each([
  ['a wrong token', { 'prometheus-token': 'wrong-secret' }, '', /^Prometheus would not take .* 401: unknown token/],
  ['a page for people', login, '/portal', /^Prometheus would not take .*Something else answers there/],
  ['a command without a token', { 'prometheus-token-command': 'exit 4' }, '', /^Prometheus would not .*token command/],
])('%s is said before anything is built', async (_name, inputs, path, expected) => {
  const { missing } = await look({ ...inputs, 'prometheus-url': `${url}${path}` });
  expect(missing).toMatch(expected);
  expect(missing).not.toContain('wrong-secret');
});

test.each([
  ['one that is down', async () => `${url}/down`, /^Prometheus does not answer now; .*500: ingesters are/],
  [
    'one that nobody reaches',
    async () => `http://127.0.0.1:${await freePort()}`,
    /^Prometheus does not answer now; .*ECONNREFUSED/,
  ],
])('%s is no reason not to build', async (_name, of, expected) => {
  const { missing, unknown } = await look({ ...login, 'prometheus-url': await of() });
  expect([missing, unknown]).toEqual([undefined, expect.stringMatching(expected)]);
});

test('a store without a series of the cluster is a warning, since the cluster may be new', async () => {
  known = ['vector(1)'];
  expect((await look({ ...login, 'prometheus-url': url })).unknown).toMatch(/no series with cluster="prod-eu" yet/);
});

test('a ruler that does not let this side in, or is none, is said too', async () => {
  const mimir = await startMimirRuler({ token: 'hush' });
  expect(await look({ ...login, 'ruler-url': mimir.url })).toEqual({});
  const denied = await look({ 'prometheus-token': 'wrong', 'ruler-url': mimir.url });
  expect(denied.missing).toMatch(/^The ruler would not take .*401: no valid token/);
  const astray = await look({ ...login, 'ruler-url': `${mimir.url}/api` });
  expect(astray.missing).toMatch(/404: 404 page not found.*ruler-url is the address below which Mimir answers/);
  mimir.stop();
});
