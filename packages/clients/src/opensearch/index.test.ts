import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { logStore } from './index.ts';

const document = {
  '@timestamp': '2026-11-26T10:00:00.123456789Z',
  message: 'POST /v1/chat/completions 401, denied by authentication',
  log: { level: 'warn' },
  event: { dataset: 'access', reason: 'jwt_authn_access_denied{Jwt_is_missing}' },
  http: { request: { id: 'r1' }, response: { status_code: 401 } },
  service: { name: 'hello', namespace: 'demo' },
  fairway: { duration_ms: 3, denied_by: 'authentication' },
  kubernetes: { namespace: 'envoy-gateway-system', pod: { name: 'envoy-1' } },
  container: { name: 'envoy' },
};

let answer: { status: number; body: string };
const asked: { url: string | undefined; authorization: string | undefined; body: unknown }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', chunk => (body += chunk));
  request.on('end', () => {
    asked.push({ url: request.url, authorization: request.headers.authorization, body: JSON.parse(body) });
    response.writeHead(answer.status).end(answer.body);
  });
});
let port: number;
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => void asked.splice(0));

const hits = (...documents: object[]) =>
  JSON.stringify({ hits: { total: { value: 7 }, hits: documents.map(_source => ({ _source })) } });

test('lines come the oldest first, with what they say and nothing else', async () => {
  answer = { status: 200, body: hits({ ...document, '@timestamp': '2026-11-26T10:00:01Z' }, document) };
  const found = await logStore(`http://127.0.0.1:${port}`).search({ limit: 2, requestId: 'r1' });
  expect(found.total).toBe(7);
  expect(found.lines.map(({ time }) => time)).toEqual([document['@timestamp'], '2026-11-26T10:00:01Z']);
  expect(found.lines[0]).toMatchObject({
    ...{ level: 'warn', dataset: 'access', requestId: 'r1', service: 'hello', status: 401, durationMilliseconds: 3 },
    ...{ deniedBy: 'authentication', namespace: 'envoy-gateway-system', pod: 'envoy-1', container: 'envoy' },
    ...{ tenant: undefined, model: undefined, version: undefined },
  });
});

// RFC3339NANO of https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md may have any offset
test('a time is in UTC, whatever the zone of the node', async () => {
  const times = [
    '2026-11-26T10:00:02.5Z',
    '2026-11-26T11:00:01.123456789+01:00',
    '2026-11-25T23:30:00-10:30',
    'no time',
  ];
  answer = { status: 200, body: hits(...times.map(time => ({ ...document, '@timestamp': time }))) };
  const { lines } = await logStore(`http://127.0.0.1:${port}`).search({ limit: 4 });
  expect(lines.map(({ time }) => time)).toEqual([
    'no time',
    '2026-11-26T10:00:00Z',
    '2026-11-26T10:00:01.123456789Z',
    '2026-11-26T10:00:02.5Z',
  ]);
});

test('a login of the address is sent, and an error does not show it', async () => {
  answer = { status: 401, body: 'who are you?' };
  const searched = logStore(`http://reader:hunter2@127.0.0.1:${port}/logs`).search({ limit: 1 });
  const error = (await searched.catch((thrown: unknown) => thrown)) as Error;
  expect(error).toMatchObject({ name: 'ToolError', status: 401 });
  expect(error.message).not.toContain('hunter2');
  expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('reader:hunter2').toString('base64')}`);
  expect(asked[0]?.url).toBe('/logs/fairway-logs-*/_search?ignore_unavailable=true');
});

test('a page in place of an answer is an error of the store', async () => {
  answer = { status: 200, body: '<html>sign in</html>' };
  await expect(logStore(`http://127.0.0.1:${port}`).search({ limit: 1 })).rejects.toThrow(
    'the answer is not one of a search',
  );
});

type Filter = { readonly bool: { filter?: object | object[]; should?: object[]; must_not?: object } };

/** As the store decides it: https://docs.opensearch.org/latest/query-dsl/compound/bool/ */
function matches(query: object, found: object): boolean {
  const all = (of?: object | object[]) => [of ?? []].flat().every(one => matches(one, found));
  const value = (path: string) =>
    path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], found);
  if ('term' in query) return Object.entries(query.term as object).every(([path, wanted]) => value(path) === wanted);
  if ('exists' in query) return value((query.exists as { field: string }).field) !== undefined;
  const { filter, should, must_not } = (query as Filter).bool;
  return all(filter) && (!should || should.some(one => matches(one, found))) && !(must_not && matches(must_not, found));
}

test('a line of the gateway is one of the service that it names, and of none in the namespace of the gateway', async () => {
  answer = { status: 200, body: hits() };
  const engine = { service: { name: 'hello' }, kubernetes: { namespace: 'demo' } };
  const found = async (namespace: string) => {
    await logStore(`http://127.0.0.1:${port}`).search({ limit: 1, service: { name: 'hello', namespace } });
    const { query } = asked.at(-1)?.body as { query: object };
    return [document, engine].map(line => matches(query, line));
  };
  expect(await found('demo')).toEqual([true, true]);
  expect(await found('envoy-gateway-system')).toEqual([false, false]);
});
