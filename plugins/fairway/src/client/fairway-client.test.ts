import { FairwayClient } from './fairway-client.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit | undefined;
}

function clientThatGets(answer: Response) {
  const sent: Sent[] = [];
  const client = new FairwayClient({
    discoveryApi: { getBaseUrl: async plugin => `http://portal.test/api/${plugin}` },
    fetchApi: {
      fetch: async (url, init) => {
        sent.push({ url: String(url), init });
        return answer;
      },
    },
  });
  return { client, sent };
}

test('an operation is asked at its address, with path, query and body', async () => {
  const { client, sent } = clientThatGets(Response.json({ items: [] }));
  await client.call('deliveries', { path: { service: 'a b' }, query: { before: '2026-11-25T09:00:00Z' } });
  expect(sent[0]).toEqual({
    url: 'http://portal.test/api/fairway/services/a%20b/deliveries?before=2026-11-25T09%3A00%3A00Z',
    init: { method: 'GET', signal: expect.any(AbortSignal) },
  });

  const silence = clientThatGets(Response.json({ silenceId: 's1' }));
  await silence.client.call('silence', {
    path: { source: 'east 1', fingerprint: 'f1' },
    body: { minutes: 5, comment: 'Replaced.' },
  });
  expect(silence.sent[0]).toEqual({
    url: 'http://portal.test/api/fairway/alerts/east%201/f1/silence',
    init: {
      method: 'POST',
      signal: expect.any(AbortSignal),
      headers: { 'content-type': 'application/json' },
      body: '{"minutes":5,"comment":"Replaced."}',
    },
  });
});

test("what the backend says went wrong is the error's message", async () => {
  const error = { name: 'NotAllowedError', message: 'Unauthorized' };
  const { client } = clientThatGets(
    Response.json({ error, response: { statusCode: 403 } }, { status: 403, statusText: 'Forbidden' }),
  );
  await expect(client.call('services', {})).rejects.toMatchObject({
    statusCode: 403,
    cause: { message: 'Unauthorized' },
  });
});

test('an answer of another version of the backend is refused with what to do', async () => {
  const { client } = clientThatGets(Response.json({ items: [{ name: 'hello-llm' }] }));
  await expect(client.call('services', {})).rejects.toThrow(
    /GET \/api\/fairway\/services in a form that this page does not know: items\.0\.namespace: [^]*to the same version\./,
  );
});

/** As nginx and the proxies of clouds write them. */
const page = (status: number) =>
  new Response(`<html><head><title>${status}</title></head><body>nginx</body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  });
const broken = (error: object, status = 500) =>
  Response.json({ error, request: {}, response: { statusCode: status } }, { status });

test.each([
  ['a page of a proxy before a backend that is away', page(502), 'gateway', /with 502: the backend .* does not answer/],
  ['one that waited too long', page(504), 'gateway', /504/],
  ['one without a place for it', Response.json({ message: 'no available server' }, { status: 503 }), 'gateway', /503/],
  ['a refusal of a proxy', page(403), 'proxy', /refused GET \/api\/fairway\/services with 403/],
  ['a portal without the plugin', new Response(null, { status: 404 }), 'missing', /nothing at GET/],
  [
    'a session that has ended',
    broken({ name: 'AuthenticationError', message: 'Illegal token' }, 401),
    'session',
    /ended/,
  ],
  ['a sign-in in place of data', page(200), 'page', /a web page and not with data/],
  ['an exception', broken({ name: 'TypeError', message: 'x is undefined' }), 'broke', /failed with 500 while/],
  [
    'an exception that Backstage keeps in its log',
    broken({ name: 'Error', message: 'An internal error occurred logId=2f41a8c0' }),
    'brokeLogged',
    /logId=2f41a8c0/,
  ],
])('%s is said in a sentence of what, where and what to do', async (_what, answer, kind, sentence) => {
  const failure = await clientThatGets(answer)
    .client.call('services', {})
    .then(
      () => undefined,
      (error: Error) => error,
    );
  expect(failure).toMatchObject({ name: 'UnansweredError', kind });
  expect(failure?.message).toMatch(sentence);
  // nothing of the page or of the exception
  expect(failure?.message).not.toMatch(/<html|nginx|undefined|Illegal token/);
});

test.each([
  ['ServiceUnavailableError', 503],
  ['ToolError', 500],
])('the sentence of a %s is kept', async (name, status) => {
  const { client } = clientThatGets(broken({ name, message: 'The database is being moved. Wait.' }, status));
  await expect(client.call('services', {})).rejects.toMatchObject({
    cause: { message: 'The database is being moved. Wait.' },
  });
});

test.each([
  [new TypeError('Failed to fetch'), 'unreachable', /gets no answer from the portal \(GET/],
  [new DOMException('signal timed out', 'TimeoutError'), 'late', /within 30 seconds/],
  [new Error('Login failed, popup was closed'), 'unsent', /could not renew your sign-in/],
])('without an answer, by %s, the reader learns why', async (thrown, kind, sentence) => {
  const client = new FairwayClient({
    discoveryApi: { getBaseUrl: async plugin => `http://portal.test/api/${plugin}` },
    fetchApi: { fetch: () => Promise.reject(thrown) },
  });
  await expect(client.call('services', {})).rejects.toMatchObject({ kind, message: expect.stringMatching(sentence) });
});
