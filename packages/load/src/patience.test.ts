import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openInference } from '@fairway/clients/inference/index';
import { Patience } from './patience.ts';
import { probe } from './probe.ts';

const stream =
  'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1}}\n\ndata: [DONE]\n\n';

interface Rejection {
  readonly status: number;
  readonly after?: string;
}

/** Answers with the rejections in turn, and then as it should; it listens only after `silent` ms. */
async function ask(rejections: readonly Rejection[], startsWithin: number, silent = 0, signal?: AbortSignal) {
  const said: string[] = [];
  const times: number[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const rejection = rejections[times.length];
    times.push(performance.now());
    if (!rejection) return void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream);
    response.writeHead(rejection.status, rejection.after ? { 'retry-after': rejection.after } : {}).end('not now');
  });
  const listen = (port: number) => new Promise<void>(resolve => void server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  if (silent > 0) {
    await new Promise(resolve => server.close(resolve));
    setTimeout(() => void listen(port), silent).unref();
  }
  const endpoint = openInference(`http://127.0.0.1:${port}`);
  const patience = new Patience({ startsWithin, says: text => said.push(text), signal });
  const begun = performance.now();
  const failure = await probe(endpoint, {
    request: { api: 'chat', model: 'm', stream: true, usage: true, end: 'done', extra: {} },
    outputTokens: 1,
    optional: {},
    headers: {},
    timeout: 5000,
    patience,
    signal,
  }).then(
    () => undefined,
    (error: Error) => error.message.replace(String(port), 'PORT'),
  );
  endpoint.close();
  server.closeAllConnections();
  server.close();
  return {
    failure,
    said,
    seconds: (performance.now() - begun) / 1000,
    asked: times.length,
    mayStart: patience.mayStart,
  };
}

test('a server that asks to wait is waited for as long as it says', async () => {
  const { failure, said, seconds } = await ask([{ status: 429, after: '2' }], 0);
  expect(failure).toBeUndefined();
  expect(said).toEqual(['waits 2 s, as the server asks (HTTP 429)']);
  expect(seconds).toBeGreaterThanOrEqual(2);
});

test('one that says no time is asked three times, and what it said is the error', async () => {
  const busy = { status: 503 };
  const { failure, said, asked, mayStart } = await ask([busy, busy, busy, busy], 0);
  expect(failure).toMatch(
    /a first request to http:\/\/127\.0\.0\.1:PORT ended with 503: not now\. What answers there has no server/,
  );
  expect(said).toEqual(['waits 1 s (HTTP 503)', 'waits 2 s (HTTP 503)']);
  expect(asked).toBe(3);
  expect(mayStart).toBe(true);
});

test('one that asks for more than two minutes is not waited for', async () => {
  const { failure, said } = await ask([{ status: 503, after: '121' }], 0);
  expect(failure).toMatch(/The server asks to come back in 121 s, and a load waits 120 s at most: try again then/);
  expect(said).toEqual([]);
});

test('a server that starts: nobody listens, then what stands before it has none, then it answers', async () => {
  const { failure, said, seconds } = await ask([{ status: 502 }, { status: 503 }, { status: 504 }], 60, 1500);
  expect(failure).toBeUndefined();
  expect(said[0]).toBe('waits for the server to start (ECONNREFUSED), 0 of 60 s');
  expect(said.slice(-3).map(text => text.replace(/\d+ of/, 'N of'))).toEqual(
    [502, 503, 504].map(status => `waits for the server to start (HTTP ${status}), N of 60 s`),
  );
  expect(seconds).toBeLessThan(20);
});

test('a server that does not start in time is an error after that time', async () => {
  const { failure, seconds, mayStart } = await ask([], 2, 60_000);
  expect(failure).toMatch(/connection: ECONNREFUSED\. Check that the server runs/);
  expect(seconds).toBeGreaterThanOrEqual(2);
  expect(mayStart).toBe(true);
});

test('what no waiting changes is said at once', async () => {
  const { failure, said, mayStart } = await ask([{ status: 404 }], 60);
  expect(failure).toMatch(/404/);
  expect(said).toEqual([]);
  expect(mayStart).toBe(false);
});

test('Ctrl-C ends the wait', async () => {
  const signal = AbortSignal.timeout(300);
  const { failure, seconds } = await ask([{ status: 429, after: '60' }], 0, 0, signal);
  expect(failure).toMatch(/timeout/);
  expect(seconds).toBeLessThan(10);
});
