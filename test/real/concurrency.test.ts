import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as send } from 'node:http';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { readAccessLine } from '@fairway/ledger/access-line';
import { libraryTriplet } from '@fairway/platform/cluster/layout';
import { redisLogins } from '@fairway/platform/serving/redis';
import { routeFacts } from '@fairway/targets/gateway/routes';
import { bringParts } from '../bring-parts.ts';
import { tinyService } from '../fixtures/service.ts';
import { gateways, tokenFilter, typed } from '../gateway-filters.ts';
import { freePorts, listen } from '../loopback.ts';
import { redisServerArguments } from '../redis-server.ts';

jest.setTimeout(10 * 60_000);

// Envoy with the filters of both gateways, Redis and two programs that count, without a cluster: the engine is a double that answers until it is stopped.

const issuer = 'https://issuer.example';
const main = join(import.meta.dirname, '../../services/concurrency/src/main.ts');
const names = Object.keys(gateways);
const [one = ''] = names;
const most = 3;
/** What a lease lives that nobody renews. */
const lifetime = 30_000;

let folder = '';
let engine: Server;
let said = '';
let sign: (claims: object) => Promise<string>;
let startRedis: () => ChildProcess;
let redis: ChildProcess;
let gateway: ChildProcess;
let redisPort = 0;
let redisUrl = '';
let adminPort = 0;
const children: ChildProcess[] = [];
const ports: Record<string, number> = {};
const servicePorts: number[] = [];
const metricsPorts: number[] = [];
const counters: ChildProcess[] = [];
/** Answers that go on, by the id of their request. */
const running = new Map<unknown, ServerResponse>();
const reached: NodeJS.Dict<string | string[]>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concurrency-'));
  const parts = await bringParts(['envoy', 'redis']);
  const envoy = join(folder, 'envoy');
  await copyFile(join(parts.get('envoy')!, 'envoy/_bin/envoy'), envoy);
  await chmod(envoy, 0o755);
  engine = createServer((request, response) => {
    reached.push(request.headers);
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n');
    if (request.headers['x-short']) return void response.end('data: [DONE]\n\n');
    running.set(request.headers['x-request-id'], response);
    response.on('close', () => running.delete(request.headers['x-request-id']));
  });
  const enginePort = await listen(engine);
  const keys = await generateKeyPair('RS256');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }] });
  sign = claims =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setExpirationTime('1h')
      .sign(keys.privateKey);
  const free = await freePorts(6 + names.length);
  [redisPort = 0, adminPort = 0] = free;
  servicePorts.push(...free.slice(2, 4));
  metricsPorts.push(...free.slice(4, 6));
  for (const [index, name] of names.entries()) ports[name] = free[6 + index]!;

  const redisRoot = parts.get('redis')!;
  const logins = await redisLogins(folder);
  const redisArguments = await redisServerArguments(logins);
  const everything = ['--user', 'test', 'on', 'nopass', '~*', '+@all'];
  startRedis = () =>
    run(
      join(redisRoot, 'usr/bin/redis-server'),
      [...redisArguments, ...everything, '--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder],
      { LD_LIBRARY_PATH: join(redisRoot, 'usr/lib', libraryTriplet()) },
    );
  redisUrl = `redis://leases:${logins.leases.password}@127.0.0.1:${redisPort}`;
  redis = startRedis();
  const listeners = await Promise.all(names.map(name => listener(name, ports[name]!, jwks)));
  const own = (await gateways['Istio']!()).own['fairway-concurrency'] as object;
  const endpoints = (...of: number[]) => [{ lb_endpoints: of.map(port => ({ endpoint: { address: address(port) } })) }];
  const clusters = [
    { name: 'engine', load_assignment: { cluster_name: 'engine', endpoints: endpoints(enginePort) } },
    {
      ...own,
      type: 'STATIC',
      load_assignment: { cluster_name: 'fairway-concurrency', endpoints: endpoints(...servicePorts) },
    },
  ];
  const file = join(folder, 'envoy.json');
  const admin = { address: address(adminPort) };
  await writeFile(file, JSON.stringify({ admin, static_resources: { listeners, clusters } }));
  gateway = run(
    envoy,
    ['-c', file, '--concurrency', '2', '--disable-hot-restart', '--file-flush-min-size-kb', '0'],
    {},
  );
  await startCounters();
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  engine?.closeAllConnections();
  engine?.close();
  await rm(folder, { recursive: true, force: true });
});

function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', text => (said = (said + text).slice(-4000)));
  children.push(child);
  return child;
}

/** The two programs that count. */
async function startCounters(): Promise<void> {
  for (const [index, port] of servicePorts.entries())
    counters[index] = run(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      CONCURRENCY_PORT: String(port),
      CONCURRENCY_METRICS_PORT: String(metricsPorts[index]),
      CONCURRENCY_REDIS_URL: redisUrl,
    });
  for (const port of metricsPorts)
    await until('a program that counts', async () => (await fetch(`http://127.0.0.1:${port}`)).ok);
  // so many that both have been asked
  await until('both to be asked', async () => {
    for (let times = 0; times < 8; times += 1) if (!(await passes(one, 'started'))) return false;
    return true;
  });
}

async function until(what: string, check: () => Promise<boolean>, milliseconds = 30_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await check().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not come. The programs said: ${said}`);
    await pause(100);
  }
}

const address = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });

/** What a control plane makes of the gateway's objects and of three services, as far as these tests go. */
async function listener(name: string, port: number, jwks: string): Promise<object> {
  const filters = await gateways[name]!();
  const { own, early, accessLog, replies } = filters;
  const route = (model: string, access: object) => ({
    match: { prefix: '/v1', headers: [{ name: 'x-model', string_match: { exact: model } }] },
    metadata: {
      filter_metadata: {
        'envoy-gateway': {
          resources: [
            {
              namespace: 'llm',
              name: `${model}-chat`,
              annotations: routeFacts(tinyService({ name: model, access })),
            },
          ],
        },
      },
    },
    route: { cluster: 'engine', timeout: '0s' },
  });
  const routes = [
    route('open', { concurrentRequests: most }),
    route('closed', { concurrentRequests: most, limitsUnavailable: 'deny' }),
    route('unlimited', { limitsUnavailable: 'deny' }),
    // where a request enters: its model is not known yet
    { match: { prefix: '/' }, direct_response: { status: 404 } },
  ];
  const order = [
    ...['fairway.user', 'fairway.token', 'fairway.model', 'fairway.found_route', 'rbac', 'fairway.concurrency_route'],
    ...['fairway.concurrency', 'fairway.concurrency_closed', 'fairway.concurrency_counted', 'fairway.usage'],
  ];
  const rbac = typed('envoy.filters.http.rbac', 'extensions.filters.http.rbac.v3.RBAC', {});
  const connection = typed(
    'connection',
    'extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    {
      stat_prefix: name,
      always_set_request_id_in_response: true,
      early_header_mutation_extensions: early,
      local_reply_config: replies,
      access_log: [
        typed('file', 'extensions.access_loggers.file.v3.FileAccessLog', {
          path: join(folder, `${name}.log`),
          log_format: {
            json_format: accessLog,
            formatters: [typed('without-query', 'extensions.formatter.req_without_query.v3.ReqWithoutQuery', {})],
          },
        }),
      ],
      route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes }] },
      http_filters: [
        tokenFilter(filters, { issuer, jwks }),
        typed('fairway.buffer', 'extensions.filters.http.buffer.v3.Buffer', { max_request_bytes: 2 ** 20 }),
        ...order.flatMap(filter => (filter === 'rbac' ? [rbac] : (own[filter] ?? []))),
        typed('envoy.filters.http.router', 'extensions.filters.http.router.v3.Router', {}),
      ],
    },
  );
  return { name, address: address(port), filter_chains: [{ filters: [connection] }] };
}

interface Asked {
  readonly status: number;
  /** Places that are left, as the gateway says. */
  readonly left: string | undefined;
  readonly id: string;
  readonly headers: IncomingMessage['headers'];
  /** The answer, when it has ended. */
  text(): Promise<string>;
  hangUp(): void;
}

/** Asks, and returns when the answer has begun. */
async function ask(name: string, client: object | string, model = 'open', headers: object = {}): Promise<Asked> {
  const token = await sign(typeof client === 'string' ? { sub: client } : client);
  const response = await new Promise<IncomingMessage & { from: ClientRequest }>((resolve, reject) => {
    const request = send({ port: ports[name], path: '/v1/chat/completions', method: 'POST', agent: false }, answer =>
      resolve(Object.assign(answer, { from: request })),
    );
    request.on('error', reject);
    for (const [key, value] of Object.entries({ authorization: `Bearer ${token}`, ...headers }))
      request.setHeader(key, value as string);
    request.setHeader('content-type', 'application/json');
    request.end(JSON.stringify({ model, stream: true }));
  });
  const whole = (async () => {
    let text = '';
    for await (const piece of response) text += String(piece);
    return text;
  })();
  whole.catch(() => undefined);
  return {
    status: response.statusCode!,
    left: response.headers['x-concurrent-requests-remaining'] as string | undefined,
    id: response.headers['x-request-id'] as string,
    headers: response.headers,
    text: () => whole,
    hangUp: () => response.from.destroy(),
  };
}

/** Asks for an answer that ends at once. */
async function short(name: string, client: string, model = 'open'): Promise<Asked> {
  const asked = await ask(name, client, model, { 'x-short': 'yes' });
  await asked.text();
  return asked;
}

/** Whether there is a place for the client, by the word of who counts. */
const passes = async (name: string, client: string, model?: string) => {
  const { status, left } = await short(name, client, model);
  return status === 200 && left !== undefined;
};
const fill = (name: string, client: object | string, model?: string) =>
  Promise.all(Array.from({ length: most }, () => ask(name, client, model)));
const end = ({ id }: Asked) => running.get(id)!.end('data: [DONE]\n\n');

/** Leases that the two programs hold. */
async function held(): Promise<number> {
  const texts = await Promise.all(
    metricsPorts.map(async port => (await fetch(`http://127.0.0.1:${port}`)).text().catch(() => '')),
  );
  return texts.reduce((sum, text) => sum + Number(/^fairway_concurrency_running (\d+)$/m.exec(text)?.[1]), 0);
}

async function stat(name: string): Promise<number> {
  const text = await (
    await fetch(`http://127.0.0.1:${adminPort}/stats?filter=^${name.replaceAll('.', '\\.')}$`)
  ).text();
  return Number(/: (\d+)/.exec(text)?.[1] ?? 0);
}

async function logLine(name: string, id: string): Promise<string> {
  let found: string | undefined;
  await until(`the log's line of ${id}`, async () => {
    found = (await readFile(join(folder, `${name}.log`), 'utf8')).split('\n').find(line => line.includes(id));
    return found !== undefined;
  });
  return found!;
}

afterEach(async () => {
  for (const response of running.values()) response.end();
  await until('all places to be free', async () => (await held()) === 0);
});

describe.each(names)('%s', name => {
  test('as many answers as a client may have go on, the next request is 429, and the next one after an end passes', async () => {
    const streams = await fill(name, 'many');
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(streams.map(({ left }) => left).sort()).toEqual(['0', '1', '2']);
    expect(await held()).toBe(most);
    const before = { engine: reached.length, answers: await stat('cluster.engine.upstream_rq_429') };

    const refused = await ask(name, 'many');
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({
      'content-type': 'application/json',
      'retry-after': '1',
      'x-concurrent-requests-remaining': '0',
    });
    expect(JSON.parse(await refused.text())).toEqual({
      error: {
        message: expect.stringContaining('has 3 requests running at this model, and may have 3'),
        type: 'requests',
        param: null,
        code: 'rate_limit_exceeded',
        request_id: refused.id,
      },
    });
    expect(reached).toHaveLength(before.engine);
    // what releases, alerts and objectives read: it is not an answer of the version
    expect(await stat('cluster.engine.upstream_rq_429')).toBe(before.answers);
    const line = await logLine(name, refused.id);
    expect(JSON.parse(line)).toMatchObject({ status: 429, details: 'concurrency_rate_limited' });
    expect(readAccessLine(line)).toMatchObject({ subject: 'many', service: 'open', status: 429, version: null });

    // each client and each service has a count of its own
    expect(await passes(name, 'another')).toBe(true);
    expect(await passes(name, 'many', 'closed')).toBe(true);
    expect((await short(name, 'many', 'unlimited')).left).toBeUndefined();

    end(streams[0]!);
    expect(await streams[0]!.text()).toContain('[DONE]');
    await until('a place', () => passes(name, 'many'), 2000);
  });

  test('a client cannot choose whose places it takes, and tokens that name nobody have one limit together', async () => {
    const forged = { 'x-user': 'somebody', 'x-fairway-route': '[]' };
    await Promise.all(Array.from({ length: most }, () => ask(name, 'forger', 'open', forged)));
    expect((await ask(name, 'forger', 'open', forged)).status).toBe(429);
    expect(await passes(name, 'somebody')).toBe(true);
    await fill(name, { scope: 'llm:chat' });
    expect((await ask(name, { scope: 'llm:read' })).status).toBe(429);
  });

  test('a client that hangs up has its place again', async () => {
    const streams = await fill(name, 'impatient');
    streams[1]!.hangUp();
    await until('a place', () => passes(name, 'impatient'), 2000);
    // the place of the request that just asked is given back a moment after its answer has ended
    await until('the other two alone to be held', async () => (await held()) === most - 1, 2000);
  });

  test('of many requests at once as many pass as may run, whichever of the two programs counts', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(name, 'crowd')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(most);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - most);
  });

  test('after 1,000 short requests nothing is held', async () => {
    const clients = Array.from({ length: 20 }, async (_, client) => {
      for (let times = 0; times < 50; times += 1) {
        const { status } = await short(name, `short-${client}`);
        if (status !== 200) throw new Error(`HTTP ${status}`);
      }
    });
    await Promise.all(clients);
    await until('all places to be free', async () => (await held()) === 0, 2000);
    expect(await redisSays('DBSIZE')).toBe(':0');
  });

  test('the engine sees nothing of what the gateway says to the program', () => {
    expect(reached.length).toBeGreaterThan(0);
    for (const headers of reached) expect(headers).not.toHaveProperty('x-fairway-route');
  });
});

// what follows takes as long as leases live, so it is tried at one gateway

test('answers that last longer than a lease lives are counted all the time; without the programs they go on, and their places are free when the leases end', async () => {
  const open = await fill(one, 'long');
  const closed = await fill(one, 'long', 'closed');
  await pause(lifetime + 5000);
  expect((await ask(one, 'long')).status).toBe(429);
  for (const counter of counters) counter.kill('SIGKILL');
  await pause(500);
  // nobody counts
  expect(await ask(one, 'long')).toMatchObject({ status: 200, left: undefined });
  const denied = await ask(one, 'long', 'closed');
  expect(denied.status).toBe(503);
  expect(JSON.parse(await denied.text())).toMatchObject({
    error: { code: 'service_unavailable', request_id: denied.id },
  });
  const killed = Date.now();
  await startCounters();
  // what the programs before took is not lost with them
  expect((await ask(one, 'long')).status).toBe(429);
  await until('a place', () => passes(one, 'long'), lifetime + 5000);
  expect(Date.now() - killed).toBeGreaterThan(lifetime - 10_000 - 5000);
  expect(await passes(one, 'long', 'closed')).toBe(true);
  for (const stream of [...open, ...closed]) {
    end(stream);
    expect(await stream.text()).toContain('[DONE]');
  }
});

test('without Redis requests pass or are denied, as the service says; with it again, those that run are counted after a renewal', async () => {
  const streams = await fill(one, 'app');
  redis.kill('SIGKILL');
  await pause(300);
  expect(await ask(one, 'app')).toMatchObject({ status: 200, left: undefined });
  expect((await ask(one, 'app', 'closed')).status).toBe(503);
  redis = startRedis();
  await until('the count', async () => (await short(one, 'app')).status === 429, 20_000);
  await until('the other service', () => passes(one, 'app', 'closed'), 20_000);
  for (const stream of streams) end(stream);
  await until('a place', () => passes(one, 'app'), 5000);
});

test('a gateway that is gone without a word leaves no place taken', async () => {
  await fill(one, 'cut off');
  gateway.kill('SIGSTOP');
  try {
    await until('all places to be free', async () => (await held()) === 0, 25_000);
  } finally {
    gateway.kill('SIGCONT');
  }
  await until('the gateway to count again', () => passes(one, 'cut off'));
});

test('a program that is asked to end counts what it has until that has ended', async () => {
  const streams = await fill(one, 'drained');
  const gone = counters.map(counter => new Promise(resolve => counter.once('exit', resolve)));
  for (const counter of counters) counter.kill('SIGTERM');
  await pause(500);
  expect(counters.map(({ exitCode }) => exitCode)).toEqual([null, null]);
  for (const stream of streams) end(stream);
  await Promise.all(gone);
  expect(await redisSays('DBSIZE')).toBe(':0');
  await startCounters();
  expect(await passes(one, 'drained')).toBe(true);
});

/** The line with which Redis answers a command of a user who may do everything. */
async function redisSays(command: string): Promise<string> {
  const socket = connect(redisPort, '127.0.0.1');
  socket.end(`AUTH test test\r\n${command}\r\n`);
  let text = '';
  for await (const piece of socket) text += String(piece);
  return text.trimEnd().split('\r\n')[1]!;
}
