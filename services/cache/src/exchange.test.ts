import { CachedExchange } from './exchange.ts';
import { headerValues, readRequest, writeRequest } from './messages.ts';
import type { ProcessingRequest, ProcessingResponse } from './messages.ts';
import type { Answer } from './store.ts';

const counts = () => ({ hit: 0, miss: 0, stored: 0, bypassed: 0 });
const whole = 'data: {"choices":[{"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

interface Options {
  readonly claims?: Readonly<Record<string, string>>;
  readonly version?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly cache?: object;
}

/** What the gateway says of a request, over the wire's form. */
function request({ claims = { sub: 'app' }, headers = {}, body = {}, cache, ...more }: Options) {
  const version = 'version' in more ? more.version : '1';
  const route = [
    {
      namespace: 'llm',
      name: 'hello-chat',
      annotations: { service: 'hello', cache: JSON.stringify(cache ?? { ttl: 60, maxBytes: 500 }), version },
    },
  ];
  const all = {
    ':path': '/v1/chat/completions',
    'x-fairway-route': JSON.stringify(route),
    ...headers,
  };
  const fields = Object.fromEntries(Object.entries(claims).map(([name, stringValue]) => [name, { stringValue }]));
  const token = { fields: { issuer: { structValue: { fields } } } };
  return {
    head: {
      requestHeaders: headersOf(all),
      metadataContext: { filterMetadata: { 'envoy.filters.http.jwt_authn': token } },
    },
    body: { requestBody: { body: Buffer.from(JSON.stringify({ temperature: 0, ...body })), endOfStream: true } },
  };
}

const headersOf = (values: Readonly<Record<string, string>>) => ({
  headers: { headers: Object.entries(values).map(([key, value]) => ({ key, rawValue: Buffer.from(value) })) },
});

class Gateway {
  readonly stored = new Map<string, Answer>();
  readonly counts = counts();

  /** Sends a request through; the engine answers in two pieces unless the cache does. */
  async ask(options: Options = {}, engine: { status?: string; text?: string; whole?: boolean } = {}): Promise<string> {
    const { exchange, looked, answered } = await this.begin(options, engine.status);
    if ('immediateResponse' in looked) return `hit ${Buffer.from(looked.immediateResponse.body).toString()}`;
    const text = engine.text ?? whole;
    if (answered && 'modeOverride' in answered) {
      await say(exchange, { responseBody: { body: Buffer.from(text.slice(0, 9)) } });
      if (engine.whole !== false)
        await say(exchange, { responseBody: { body: Buffer.from(text.slice(9)), endOfStream: true } });
    }
    exchange.end();
    return JSON.stringify(answered).includes('x-fairway-cache') ? 'miss' : 'passed';
  }

  /** Sends a request through, up to the headers of the engine's answer. */
  async begin(options: Options, status = '200') {
    const exchange = new CachedExchange(
      {
        get: async key => this.stored.get(key),
        put: async (key, answer) => void this.stored.set(key, answer),
      },
      this.counts,
    );
    const { head, body } = request(options);
    await say(exchange, head);
    const looked = await say(exchange, body);
    if ('immediateResponse' in looked) return { exchange, looked };
    const headers = { ':status': status, 'content-type': 'text/event-stream', 'x-fairway-revision': '1' };
    return { exchange, looked, answered: await say(exchange, { responseHeaders: headersOf(headers) }) };
  }
}

const say = (exchange: CachedExchange, part: ProcessingRequest): Promise<ProcessingResponse> =>
  exchange.answer(readRequest(writeRequest(part)));

test('the second of two equal requests gets the stream of the first', async () => {
  const gateway = new Gateway();
  expect(await gateway.ask()).toBe('miss');
  expect(await gateway.ask()).toBe(`hit ${whole}`);
  expect(gateway.counts).toEqual({ hit: 1, miss: 1, stored: 1, bypassed: 0 });
});

test.each<[string, Options]>([
  ['client', { claims: { sub: 'other' } }],
  ['version', { version: 'hello-2' }],
  ['request', { body: { max_tokens: 5 } }],
])('another %s gets nothing of it', async (_, options) => {
  const gateway = new Gateway();
  await gateway.ask();
  expect(await gateway.ask(options)).toBe('miss');
});

test('at a gateway whose clusters name versions, the version is that of the request, also while users are divided', async () => {
  const gateway = new Gateway();
  // as Istio names clusters
  const to = (version: string, place = 'llm') => ({
    version: undefined,
    headers: { 'x-fairway-backend': `outbound|8080||hello-${version}.${place}.svc.cluster.local` },
  });
  expect([await gateway.ask(to('1')), await gateway.ask(to('1'))]).toEqual(['miss', `hit ${whole}`]);
  expect(await gateway.ask(to('2'))).toBe('miss');
  expect(await gateway.ask(to('1', 'other'))).toBe('passed');
  // as Envoy Gateway names them
  const place = { 'x-fairway-backend': 'httproute/llm/hello-chat/rule/1/backend/0' };
  expect(await gateway.ask({ version: undefined, headers: place })).toBe('passed');
});

test('a token without a subject stands for the client that it was given to', async () => {
  const gateway = new Gateway();
  // as Keycloak gives them to service accounts
  const job = { azp: 'job' };
  expect([await gateway.ask({ claims: job }), await gateway.ask({ claims: job })]).toEqual(['miss', `hit ${whole}`]);
  expect(await gateway.ask({ claims: { azp: 'other' } })).toBe('miss');
  // the same name is somebody else as a person, as is the person who uses this client
  expect(await gateway.ask({ claims: { sub: 'job' } })).toBe('miss');
  expect(await gateway.ask({ claims: { sub: 'somebody', ...job } })).toBe('miss');
});

test.each<[string, Options]>([
  ['by nobody who is known', { claims: { iss: 'https://login.example.com' } }],
  ['that names a version, which is measured', { headers: { 'x-fairway-revision': '1' } }],
  ['that asks for a fresh answer', { headers: { 'cache-control': 'no-cache' } }],
  // RFC 9111, 5.2.1.1; what a browser's fetch sends with `cache: 'no-cache'`: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
  ['that takes none that is older than now', { headers: { 'cache-control': 'max-age=0' } }],
  ['that takes none as old as this service stores them', { headers: { 'cache-control': 'max-age=59' } }],
  ['of a service without a cache', { cache: [] }],
  ['that is not deterministic', { body: { temperature: 1 } }],
])('a request %s goes to the engine', async (_, options) => {
  const gateway = new Gateway();
  expect([await gateway.ask(options), await gateway.ask(options)]).toEqual(['passed', 'passed']);
});

// RFC 9110, 5.3: a list may come as several fields
test('of a header that comes twice both count', () => {
  const headers = [
    { key: 'cache-control', rawValue: Buffer.from('no-cache') },
    { key: 'cache-control', rawValue: Buffer.from('no-transform') },
  ];
  expect(headerValues({ headers: { headers } })).toEqual({ 'cache-control': 'no-cache, no-transform' });
});

test('a client that takes an answer as old as they become gets a stored one', async () => {
  const gateway = new Gateway();
  const options = { headers: { 'cache-control': 'max-age=60' } };
  expect([await gateway.ask(options), await gateway.ask(options)]).toEqual(['miss', `hit ${whole}`]);
});

test('copies of many answers at the same time take no more memory than all copies may', async () => {
  const mebibyte = Buffer.alloc(2 ** 20, ':');
  const cache = { ttl: 60, maxBytes: 2 ** 30 };
  const gateway = new Gateway();
  const open: CachedExchange[] = [];
  for (let number = 0; number < 70; number += 1) open.push((await gateway.begin({ cache, body: { number } })).exchange);
  for (const exchange of open) await exchange.answer({ responseBody: { body: mebibyte } });
  // 64 MiB: the last six were dropped, and the first one at its end
  const end = { responseBody: { body: Buffer.from(`\n\n${whole}`), endOfStream: true } };
  for (const exchange of open) await exchange.answer(end);
  expect(gateway.counts).toMatchObject({ miss: 70, stored: 63 });
});

test.each([
  ['an error', { status: '500' }],
  ['a stream that broke', { whole: false }],
  ['what is larger than the service says', { text: `data: ${'x'.repeat(600)}\n\n${whole}` }],
])('%s is not stored', async (_, engine) => {
  const gateway = new Gateway();
  await gateway.ask({}, engine);
  expect(gateway.stored.size).toBe(0);
  expect(await gateway.ask()).toBe('miss');
});
