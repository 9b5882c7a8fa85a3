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
    /The answer to GET \/services is not what this portal expects[^]*Bring the backend and the frontend of Fairway to the same version\./,
  );
});
