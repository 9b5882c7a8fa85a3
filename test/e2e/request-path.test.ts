import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { openLedger } from '@fairway/clients/ledger/index';
import type { Ledger, RequestUsage } from '@fairway/clients/ledger/index';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import { removeService } from '../remove-service.ts';
import { within } from '../within.ts';
import { askGateway } from './ask.ts';
import type { GatewayAnswer } from './ask.ts';
import { copyExample, editService, giveHostname } from './example-copy.ts';
import { fairway } from './fairway-command.ts';
import { accessToken, platform } from './platform.ts';
import { scale } from './scale.ts';

jest.setTimeout(900_000);

const name = 'hello-path';
const hostname = 'hello-path.e2e.localhost';
let folder: string;
let image: string;
let revision: string;
let ledger: Ledger;
let token: string;

beforeAll(async () => {
  folder = await copyExample(name);
  await giveHostname(folder, hostname);
  // the second client of the platform may list models; here it may complete too
  await editService(folder, text =>
    text.replace(
      /^access:$/m,
      'cache:\n  ttl: 600\n\naccess:\n  concurrentRequests: 4\n  roles: [{ name: "llm:read", operations: [completions] }]',
    ),
  );
  const { code, stages, stderr } = await fairway(['deliver', folder, '--to', 'monitor', '--json']);
  if (code !== 0) throw new Error(stderr.slice(-2000));
  const outputs = Object.fromEntries(stages.map(({ stage, outputs: had }) => [stage, had]));
  image = outputs['push']?.['reference'] ?? '';
  revision = outputs['deploy']?.['revision'] ?? '';
  const { passwordFile, ...place } = platform.ledger!;
  ledger = openLedger({ ...place, password: readFileSync(passwordFile, 'utf8').trim() });
  token = await accessToken('user', 'llm:chat');
});

afterAll(async () => {
  await ledger?.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

/** A streamed chat completion, with the usage in its last event. */
function ask(content: string, more: object = {}): Promise<GatewayAnswer> {
  const body = {
    model: 'hello-tiny',
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 8,
    messages: [{ role: 'user', content }],
    ...more,
  };
  return askGateway(hostname, '/v1/chat/completions', { token, body });
}

/** Asks twice what is answered the same each time, with time for the first answer to be stored. */
async function askTwice(content = `Say hello to ${randomUUID()}.`): Promise<readonly [GatewayAnswer, GatewayAnswer]> {
  const first = await ask(content, { temperature: 0 });
  await pause(300);
  return [first, await ask(content, { temperature: 0 })];
}

const cacheOf = ({ headers }: GatewayAnswer) => headers['x-fairway-cache'];
const requestId = ({ headers }: GatewayAnswer) => String(headers['x-request-id']);

function usageOf({ text }: GatewayAnswer): { readonly prompt_tokens: number; readonly completion_tokens: number } {
  const events = text.split('\n').filter(line => line.startsWith('data: {'));
  return (JSON.parse(events.at(-1)!.slice(6)) as { usage: ReturnType<typeof usageOf> }).usage;
}

/** The rows of a request, once there are some and no more come. */
async function rowsOf(answer: GatewayAnswer): Promise<readonly RequestUsage[]> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(500))
    if ((await ledger.request(requestId(answer))).length > 0) {
      await pause(1500);
      return ledger.request(requestId(answer));
    }
  return [];
}

async function prometheusSays(query: string): Promise<number> {
  const url = `${platform.prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? Number.NaN);
}

const counters = {
  gateway: 'envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix=~"http.*"}',
  authentication: 'envoy_http_jwt_authn_allowed',
  // llama.cpp counts tokens, not requests
  inference: `llamacpp:tokens_predicted_total{namespace="${name}"}`,
} as const;

/** The sums of the counters, by scrapes that began after this call. */
async function scraped(): Promise<Readonly<Record<keyof typeof counters, number>>> {
  const since = Date.now() / 1000;
  const oldest = Object.values(counters).map(counter => `min(timestamp(${counter}))`);
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(500)) {
    const times = await Promise.all(oldest.map(prometheusSays));
    if (!times.every(time => time > since)) continue;
    const values = await Promise.all(Object.values(counters).map(counter => prometheusSays(`sum(${counter})`)));
    return Object.fromEntries(Object.keys(counters).map((key, index) => [key, values[index]!])) as Readonly<
      Record<keyof typeof counters, number>
    >;
  }
  throw new Error('Prometheus has not read all counters within a minute.');
}

test('one streamed request moves the counters of gateway, authentication and engine, and stands in the ledger once', async () => {
  const before = await scraped();
  const answer = await ask('Say hello.');
  expect(answer.status).toBe(200);
  expect(cacheOf(answer)).toBeUndefined();
  expect(answer.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  const usage = usageOf(answer);
  const after = await scraped();
  expect(after.gateway - before.gateway).toBe(1);
  expect(after.authentication - before.authentication).toBe(1);
  expect(after.inference - before.inference).toBe(usage.completion_tokens);
  const rows = await rowsOf(answer);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    service: `${name}/${name}`,
    subject: platform.issuer.clients.user.id,
    model: 'hello-tiny',
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    status: 200,
    version: revision,
  });
  expect(rows[0]!.ttftMilliseconds).toBeGreaterThan(0);
  expect(rows[0]!.ttftMilliseconds).toBeLessThanOrEqual(rows[0]!.durationMilliseconds);
});

test('the gateway sends one request over a connection to an engine that closes it after a stream', async () => {
  expect((await ask('Say hello.')).status).toBe(200);
  await within(30)(async () => {
    const closed = `sum(envoy_cluster_upstream_cx_max_requests{envoy_cluster_name=~"httproute/${name}/${name}-chat/.*"})`;
    expect(await prometheusSays(closed)).toBeGreaterThan(0);
  });
});

test('what gateway, firewall and engine wrote of a request is found under its id', async () => {
  const answer = await ask('Say hello once more.');
  const wrote = async () => {
    const { stdout } = await fairway(['logs', folder, '--request', requestId(answer), '--json']);
    return stdout;
  };
  let found = await wrote();
  for (const end = Date.now() + 60_000; !found.includes('"dataset":"access"') && Date.now() < end; await pause(1000))
    found = await wrote();
  expect(found).toContain('"dataset":"access"');
  expect(found).not.toContain('once more');
});

test('what fairway usage says is what was asked', async () => {
  const { stdout, code } = await fairway(['usage', '--by', 'service,model', '--json']);
  expect(code).toBe(0);
  const { usage } = JSON.parse(stdout) as { usage: { group: object; requests: number; promptTokens: number }[] };
  const own = usage.find(({ group }) => JSON.stringify(group).includes(`${name}/${name}`));
  expect(own?.requests).toBeGreaterThan(0);
  expect(own?.promptTokens).toBeGreaterThan(0);
});

test('the second of two equal deterministic requests comes from the cache, as a stream, and is said so in the ledger', async () => {
  const [first, second] = await askTwice();
  expect([first, second].map(cacheOf)).toEqual(['miss', 'hit']);
  expect(second.text).toBe(first.text);
  expect(second.headers['content-type']).toBe(first.headers['content-type']);
  expect(usageOf(second)).toEqual(usageOf(first));
  const [row] = await rowsOf(second);
  expect(row).toMatchObject({ cache: 'hit', promptTokens: usageOf(first).prompt_tokens, version: revision });
});

test('the same request of another client is not answered from the cache, and without a token there is no answer at all', async () => {
  const body = { model: 'hello-tiny', temperature: 0, max_tokens: 8, prompt: `Hello ${randomUUID()}` };
  const complete = (holder?: string) =>
    askGateway(hostname, '/v1/completions', { body, ...(holder ? { token: holder } : {}) });
  const own = await complete(token);
  await pause(300);
  expect(cacheOf(own)).toBe('miss');
  const again = await complete(token);
  expect([cacheOf(again), again.text]).toEqual(['hit', own.text]);
  const other = await complete(await accessToken('viewer', 'llm:read'));
  expect([other.status, cacheOf(other)]).toEqual([200, 'miss']);
  const stranger = await complete();
  expect([stranger.status, cacheOf(stranger)]).toEqual([401, undefined]);
});

test('a request that names the version is answered by it', async () => {
  const body = { model: 'hello-tiny', temperature: 0, max_tokens: 8, prompt: `Hello ${randomUUID()}` };
  for (let times = 0; times < 2; times += 1) {
    const headers = { 'x-fairway-revision': revision };
    const answer = await askGateway(hostname, '/v1/completions', { token, body, headers });
    expect([answer.status, cacheOf(answer)]).toEqual([200, undefined]);
    await pause(300);
  }
});

test('another version does not give the answers of the one before, and a rollback finds those of the old one', async () => {
  const content = `Say hello to ${randomUUID()}.`;
  const [, old] = await askTwice(content);
  expect(cacheOf(old)).toBe('hit');
  await editService(folder, text => text.replace(/^  sequences: 4$/m, '  sequences: 2'));
  expect(await fairway(['deliver', folder, '--to', 'prepare'])).toMatchObject({ code: 0 });
  const next = await fairway(['deliver', folder, '--from', 'deploy', '--to', 'mesh', '--image', image, '--json']);
  expect(next).toMatchObject({ code: 0 });
  const newer = next.stages.find(({ stage }) => stage === 'deploy')?.outputs['revision'] ?? '';
  expect(newer).not.toBe(revision);
  const cluster = await connectCluster(platform.kubernetes);
  const traffic = new WeightTraffic(cluster, { namespace: name, name }, new AbortController().signal);
  const answersOf = async (version: string) => {
    await traffic.set(new Map([newer, revision].map(one => [one, one === version ? 100 : 0])));
    let last = '';
    for (let tries = 0; tries < 40; tries += 1) {
      const answer = await ask(content, { temperature: 0 });
      last = `${answer.status} ${String(answer.headers['x-fairway-revision'])} ${answer.text.slice(0, 200)}`;
      if (answer.headers['x-fairway-revision'] === version) return answer;
      await pause(250);
    }
    throw new Error(`No answer of ${version} came; the last was ${last}`);
  };
  const first = await answersOf(newer);
  expect([cacheOf(first), first.text === old.text]).toEqual(['miss', false]);
  const back = await answersOf(revision);
  expect([cacheOf(back), back.text]).toEqual(['hit', old.text]);
  // moving the weights leaves the route what it says of the service
  expect((await rowsOf(back))[0]).toMatchObject({ service: `${name}/${name}`, version: revision, cache: 'hit' });
});

test('a prompt that is too long for the model is rejected by the engine, not on the way', async () => {
  const answer = await ask('hello '.repeat(12_000), { temperature: 0 });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('context');
});

test('without Redis requests pass by the cache, and with it again answers are found', async () => {
  await scale('fairway-system', 'redis', 0);
  try {
    const answers = await askTwice();
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(cacheOf)).not.toContain('hit');
  } finally {
    await scale('fairway-system', 'redis', 1);
  }
  let [, second] = await askTwice();
  for (const end = Date.now() + 30_000; cacheOf(second) !== 'hit' && Date.now() < end; [, second] = await askTwice());
  expect(cacheOf(second)).toBe('hit');
});

test('of more requests than a client may have running the rest is 429, in the ledger and of no version; the next one passes', async () => {
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, number) => ask(`Count to ${number}.`, { max_tokens: 400 })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThanOrEqual(12);
  expect(JSON.parse(refused[0]!.text)).toMatchObject({
    error: { code: 'rate_limit_exceeded', request_id: requestId(refused[0]!) },
  });
  expect(await rowsOf(refused[0]!)).toMatchObject([{ status: 429, version: undefined }]);
  // one that runs by itself
  expect(await ask('Say hello.')).toMatchObject({ status: 200, headers: { 'x-concurrent-requests-remaining': '3' } });
});

test('without the cache itself requests pass', async () => {
  await scale('fairway-system', 'cache', 0);
  try {
    const answer = await ask('Say hello.', { temperature: 0 });
    expect([answer.status, cacheOf(answer)]).toEqual([200, undefined]);
  } finally {
    await scale('fairway-system', 'cache', 1);
  }
});

test('what was asked while PostgreSQL was down is in the ledger afterwards', async () => {
  await scale('fairway-ledger', 'postgres', 0);
  const asked: GatewayAnswer[] = [];
  try {
    for (let number = 0; number < 5; number += 1) asked.push(await ask(`Say ${number}.`));
  } finally {
    await scale('fairway-ledger', 'postgres', 1);
  }
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  for (const answer of asked) expect(await rowsOf(answer)).toHaveLength(1);
});
