import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { openInference } from './index.ts';
import type { InferenceEndpoint } from './index.ts';

const token = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const usage = `data: ${JSON.stringify({ choices: [], usage: { completion_tokens: 2 } })}\n\n`;

/** What the server does, chosen by the model's name. */
const behaviours: Record<string, (response: http.ServerResponse) => void> = {
  good: response => response.end(`${token('')}${token('Hel')}${token('lo')}${usage}data: [DONE]\n\n`),
  truncated: response => response.end(token('Hel')),
  cut: response => {
    response.write(token('Hel'));
    setTimeout(() => response.destroy(), 20);
  },
  empty: response => response.end('data: [DONE]\n\n'),
  engine: response => response.end(`${token('x')}data: {"error":{"message":"out of memory"}}\n\ndata: [DONE]\n\n`),
  format: response => response.end('data: {not json\n\ndata: [DONE]\n\n'),
  slow: response => void response.write(token('x')),
};

let server: http.Server;
let endpoint: InferenceEndpoint;

beforeAll(done => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const behaviour = body ? behaviours[(JSON.parse(body) as { model: string }).model] : undefined;
      if (!behaviour) return void response.writeHead(401, { 'content-type': 'text/plain' }).end('Jwt is missing');
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-fairway-revision': 'abc' });
      behaviour(response);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    endpoint = openInference(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    done();
  });
});

afterAll(() => {
  endpoint.close();
  server.closeAllConnections();
  server.close();
});

const chat = (model: string, options = {}) => endpoint.streamChat({ model, prompt: 'hello', maxTokens: 2 }, options);

test('a whole stream: empty pieces are no tokens, times are in order', async () => {
  const outcome = await chat('good');
  expect(outcome).toMatchObject({ status: 200, text: 'Hello', done: true, completionTokens: 2, error: undefined });
  expect(outcome.headers['x-fairway-revision']).toBe('abc');
  expect(outcome.tokensAt).toHaveLength(2);
  const times = [outcome.sentAt, outcome.headersAt ?? NaN, ...outcome.tokensAt, outcome.endedAt];
  expect([...times].sort((a, b) => a - b)).toEqual(times);
});

test.each([
  ['truncated', 'truncated', /without \[DONE\]/],
  ['cut', 'connection', /ECONNRESET|aborted/],
  ['empty', 'empty', /no token/],
  ['engine', 'engine', /out of memory/],
  ['format', 'format', /JSON/],
  ['unknown', 'status', /HTTP 401: Jwt is missing/],
])('%s → %s', async (model, kind, detail) => {
  const { error } = await chat(model);
  expect(error?.kind).toBe(kind);
  expect(error?.detail).toMatch(detail);
});

test('of a page its title, and of what is compressed that it is', async () => {
  const page = '<!DOCTYPE html>\r\n<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
  const answer = (status: number, body: string | Buffer, headers: http.OutgoingHttpHeaders) => {
    const answering = http.createServer((_, response) => response.writeHead(status, headers).end(body));
    return new Promise<string | undefined>(resolve =>
      answering.listen(0, '127.0.0.1', async () => {
        const asked = openInference(`http://127.0.0.1:${(answering.address() as AddressInfo).port}`);
        const { error } = await asked.streamChat({ model: 'x', prompt: 'x', maxTokens: 1 });
        asked.close();
        answering.close(() => resolve(error?.detail));
      }),
    );
  };
  expect(await answer(502, page, { 'content-type': 'text/html' })).toBe(
    'HTTP 502: a page of HTML titled 502 Bad Gateway',
  );
  const zipped = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
  const stream = gzipSync(`${token('a')}data: [DONE]\n\n`);
  expect(await answer(200, stream, zipped)).toMatch(
    /^the answer is compressed \(gzip\), though the request asks for none/,
  );
  expect(await answer(503, stream, zipped)).toBe('HTTP 503: a body that is compressed (gzip)');
});

test('an engine that never sends [DONE] may end without it', async () => {
  expect((await chat('truncated', { expectDone: false })).error).toBeUndefined();
});

test('a stream that does not end in time', async () => {
  expect((await chat('slow', { timeout: 100 })).error?.kind).toBe('timeout');
});

test('an answer that is longer than the caller takes is given up', async () => {
  const ask = (maxBytes: number) =>
    endpoint.exchange({
      ...{
        api: 'chat',
        body: JSON.stringify({ model: 'slow' }),
        headers: {},
        timeout: 500,
        end: 'done',
        wantsText: true,
      },
      maxBytes,
    }).outcome;
  expect((await ask(10)).error).toEqual({ kind: 'format', detail: 'more than 10 bytes' });
  expect((await ask(1000)).error).toMatchObject({ kind: 'timeout' });
});

test('nobody listens', async () => {
  const nobody = openInference('http://127.0.0.1:1');
  expect((await nobody.streamChat({ model: 'good', prompt: 'x', maxTokens: 1 })).error).toEqual({
    kind: 'connection',
    detail: 'ECONNREFUSED',
  });
  nobody.close();
});

test("the caller's own abort is not an outcome", async () => {
  const controller = new AbortController();
  const running = chat('slow', { signal: controller.signal });
  controller.abort(new Error('stopped'));
  await expect(running).rejects.toThrow('stopped');
});
