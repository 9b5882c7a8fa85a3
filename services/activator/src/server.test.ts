import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engines } from './engines.ts';
import { Activator, statusServer } from './server.ts';
import type { Limits } from './server.ts';

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<{ host: string; port: number }> {
  opened.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function start(limits: Partial<Limits> = {}) {
  const engines = new Engines();
  const activator = new Activator(engines, { requests: 10, bytes: 1000, seconds: 30, ...limits });
  const address = await listen(activator.server());
  const asked = await listen(statusServer(activator, engines, () => true));
  const status = (path: string) => fetch(`http://${asked.host}:${asked.port}${path}`);
  return { engines, activator, address, status };
}

const engine = (answer: RequestListener) => listen(createServer(answer));

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Sends a request; its answer is read when somebody asks for it. */
function send(
  address: { host: string; port: number },
  body: string | Buffer = '{"stream":true}',
): { sent: ClientRequest; answered: Promise<IncomingMessage>; answer: () => Promise<Answer> } {
  const sent = request({
    ...address,
    method: 'POST',
    path: '/v1/chat/completions?a=b',
    headers: { 'content-type': 'application/json', 'x-request-id': 'r1', 'x-user': 'alice' },
    agent: false,
  });
  const answered = once(sent, 'response').then(([message]) => message as IncomingMessage);
  answered.catch(() => undefined);
  const answer = async () => {
    const message = await answered;
    let text = '';
    for await (const piece of message) text += String(piece);
    return { status: message.statusCode, headers: message.headers, text };
  };
  sent.on('error', () => undefined);
  sent.end(body);
  return { sent, answered, answer };
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !what(); await pause(5)) if (Date.now() > end) throw new Error('never');
}

// Envoy takes headers of 60 KiB, such as the token of a person in many groups; Node takes 16 KiB unless asked
test('a request with large headers reaches the engine', async () => {
  const { engines, address } = await start();
  const got: (string | undefined)[] = [];
  const awake = await listen(
    createServer({ maxHeaderSize: 1 << 20 }, (asked, answer) => {
      got.push(asked.headers.cookie);
      answer.end('{}');
    }),
  );
  engines.set([awake]);
  const cookie = 'a'.repeat(59 * 1024);
  const sent = request({ ...address, method: 'POST', path: '/v1/chat/completions', headers: { cookie }, agent: false });
  sent.end('{}');
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(answer.resume().statusCode).toBe(200);
  expect(got).toEqual([cookie]);
});

test('requests wait for an engine, are counted meanwhile, and reach it whole', async () => {
  const { engines, activator, address, status } = await start();
  const seen: { url?: string; user?: unknown; body: string }[] = [];
  const ready = await engine(async (asked, answer) => {
    let body = '';
    for await (const piece of asked) body += String(piece);
    seen.push({ url: asked.url, user: asked.headers['x-user'], body });
    answer.setHeader('x-engine', 'one').end('done');
  });
  const all = ['a', 'b', 'c'].map(body => send(address, body));
  await until(() => activator.held === 3);
  expect(await (await status('/waiting')).json()).toEqual({ waiting: 3 });
  expect((await status('/ready')).status).toBe(200);
  expect(seen).toEqual([]);
  engines.set([ready]);
  for (const { answer } of all)
    expect(await answer()).toMatchObject({ status: 200, text: 'done', headers: { 'x-engine': 'one' } });
  expect(seen.map(({ body }) => body).sort()).toEqual(['a', 'b', 'c']);
  expect(seen[0]).toMatchObject({ url: '/v1/chat/completions?a=b', user: 'alice' });
  expect(activator.held).toBe(0);
  // with an engine the gateway sends nothing here
  expect((await status('/ready')).status).toBe(503);
});

test('a stream passes event by event, and a client that hangs up ends it at the engine', async () => {
  const { engines, address } = await start();
  const ended = Promise.withResolvers<void>();
  const said = Promise.withResolvers<void>();
  engines.set([
    await engine((asked, answer) => {
      asked.resume();
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write('data: 1\n\n');
      void said.promise.then(() => answer.write('data: 2\n\n'));
      answer.on('close', ended.resolve);
    }),
  ]);
  const { sent, answered } = send(address);
  const message = await answered;
  const next = async () => String((await once(message, 'data'))[0]);
  expect(await next()).toBe('data: 1\n\n');
  said.resolve();
  expect(await next()).toBe('data: 2\n\n');
  sent.destroy();
  await ended.promise;
});

test('a client that reads nothing holds the engine up', async () => {
  const { engines, address } = await start();
  let written = 0;
  let full = false;
  const piece = Buffer.alloc(64 * 1024);
  engines.set([
    await engine((asked, answer) => {
      asked.resume();
      while (written < 2 ** 30 && !full) {
        written += piece.length;
        full = !answer.write(piece);
      }
      const write = () => {
        written += piece.length;
        if (answer.write(piece)) setImmediate(write);
        else answer.once('drain', write);
      };
      answer.once('drain', write);
    }),
  ]);
  const { answered } = send(address);
  await answered;
  await pause(300);
  const before = written;
  await pause(300);
  expect(written).toBe(before);
  // the buffers of sockets and no more
  expect(written).toBeLessThan(64 * 2 ** 20);
});

test('an engine that breaks off breaks the answer off', async () => {
  const { engines, address } = await start();
  engines.set([
    await engine((asked, answer) => {
      asked.resume();
      answer.write('data: 1\n\n', () => answer.destroy());
    }),
  ]);
  await expect(send(address).answer()).rejects.toThrow('aborted');
});

test.each(['', 'x'.repeat(900)])('a client that hangs up while it waits is counted no more (body %#)', async body => {
  const { engines, activator, address } = await start();
  let asked = 0;
  const ready = await engine((_, answer) => {
    asked += 1;
    answer.end();
  });
  const { sent } = send(address, body);
  await until(() => activator.held === 1);
  sent.destroy();
  await until(() => activator.held === 0);
  engines.set([ready]);
  await pause(50);
  expect(asked).toBe(0);
});

// the form of errors of the OpenAI API, whose clients try again after a 503
const unavailable = {
  status: 503,
  headers: { 'retry-after': '10', 'content-type': 'application/json' },
};

function errorOf({ text }: Answer): { message: string; request_id: string } {
  return (JSON.parse(text) as { error: never }).error;
}

test('who waited for a whole cold start hears when to come again', async () => {
  const { activator, address } = await start({ seconds: 0.1 });
  const answer = await send(address).answer();
  expect(answer).toMatchObject(unavailable);
  expect(errorOf(answer)).toEqual({
    message: 'The model did not start in 0.1 s.',
    type: 'server_error',
    param: null,
    code: 'service_unavailable',
    request_id: 'r1',
  });
  expect(activator.held).toBe(0);
});

test('an answer that takes longer than a cold start comes to its end', async () => {
  const { engines, address } = await start({ seconds: 0.1 });
  engines.set([
    await engine(async (asked, answer) => {
      asked.resume();
      await pause(300);
      answer.end('done');
    }),
  ]);
  expect(await send(address).answer()).toMatchObject({ status: 200, text: 'done' });
});

test('no more requests are held than may be, and others go on waiting', async () => {
  const { engines, activator, address } = await start({ requests: 2 });
  const held = [send(address), send(address)];
  await until(() => activator.held === 2);
  const answer = await send(address).answer();
  expect(answer).toMatchObject(unavailable);
  expect(errorOf(answer).message).toBe('2 requests wait for the model already.');
  engines.set([await engine((_, response) => response.end('done'))]);
  for (const one of held) expect((await one.answer()).status).toBe(200);
});

test('nor more bytes, until those that wait have gone', async () => {
  const { engines, activator, address } = await start();
  const first = send(address, 'x'.repeat(900));
  await until(() => activator.held === 1);
  await pause(50);
  expect(errorOf(await send(address, 'x'.repeat(200)).answer()).message).toMatch(/too large/);
  engines.set([await engine((_, answer) => answer.end('done'))]);
  expect((await first.answer()).status).toBe(200);
  expect((await send(address, 'x'.repeat(200)).answer()).status).toBe(200);
});

// its pod has memory for all bodies once (packages/targets/src/workload/activator.ts)
test('a body that waits is in the memory once', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const size = 10 * 2 ** 20;
  // one for all clients, which are in this process too
  const body = Buffer.alloc(size, 'x');
  const { engines, activator, address } = await start({ bytes: 5 * size });
  const seen: number[] = [];
  const used = () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const before = used();
  const all = Array.from({ length: 4 }, () => send(address, body));
  // what was garbage at the beginning may go meanwhile
  await until(() => activator.held === 4 && process.memoryUsage().arrayBuffers - before > 3.5 * size);
  await pause(500);
  await until(() => used() - before < 5 * size);
  engines.set([
    await engine(async (asked, answer) => {
      let bytes = 0;
      for await (const piece of asked) bytes += (piece as Buffer).length;
      seen.push(bytes);
      answer.end('done');
    }),
  ]);
  for (const { answer } of all) expect((await answer()).status).toBe(200);
  expect(seen).toEqual([size, size, size, size]);
});

test('an engine that is gone before it is reached is not the last word', async () => {
  const { engines, activator, address } = await start();
  const server = createServer();
  const gone = await listen(server);
  await new Promise(resolve => server.close(resolve));
  engines.set([gone]);
  const { answer } = send(address);
  await until(() => activator.held === 1);
  engines.set([]);
  await pause(300);
  expect(activator.held).toBe(1);
  engines.set([await engine((_, response) => response.end('done'))]);
  expect(await answer()).toMatchObject({ status: 200, text: 'done' });
});

test('a request that an engine has taken is not sent to another', async () => {
  const { engines, address } = await start();
  let asked = 0;
  engines.set([
    await engine(one => {
      asked += 1;
      one.socket.destroy();
    }),
  ]);
  expect((await send(address).answer()).status).toBe(502);
  expect(asked).toBe(1);
});

test('what ends lets its requests go, and streams come to their end', async () => {
  const { engines, activator, address } = await start();
  const go = Promise.withResolvers<void>();
  engines.set([
    await engine(async (asked, answer) => {
      asked.resume();
      answer.write('a');
      await go.promise;
      answer.end('b');
    }),
  ]);
  const stream = send(address);
  await stream.answered;
  engines.set([]);
  const held = send(address);
  await until(() => activator.held === 1);
  activator.close();
  expect(await held.answer()).toMatchObject(unavailable);
  go.resolve();
  expect((await stream.answer()).text).toBe('ab');
});
