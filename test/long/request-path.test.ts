import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { openLedger } from '@fairway/clients/ledger/index';
import type { Ledger, RequestUsage } from '@fairway/clients/ledger/index';
import { removeService } from '../remove-service.ts';
import { copyExample, editService, giveHostname } from '../e2e/example-copy.ts';
import { fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';

jest.setTimeout(40 * 60_000);

const name = 'hello-path';
const hostname = 'hello-path.test';
let folder: string;
let ledger: Ledger;
let token: string;

beforeAll(async () => {
  folder = await copyExample(name);
  await giveHostname(folder, hostname);
  await editService(folder, text => text.replace(/^access:$/m, 'cache:\n  ttl: 600\n\naccess:'));
  const delivered = await fairway(['deliver', folder, '--to', 'monitor', '--json']);
  if (delivered.code !== 0) throw new Error(delivered.stderr.slice(-2000));
  const { passwordFile, ...place } = platform.ledger!;
  ledger = openLedger({ ...place, password: readFileSync(passwordFile, 'utf8').trim() });
  token = await accessToken('user', 'llm:chat');
});

afterAll(async () => {
  await ledger?.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly cache: string | undefined;
  readonly text: string;
  readonly milliseconds: number;
}

/** A streamed chat completion, with the usage in its last event. */
function ask(content: string, more: object = {}): Promise<Answer> {
  const body = {
    model: 'hello-tiny',
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 8,
    messages: [{ role: 'user', content }],
    ...more,
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { host: hostname, 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const url = new URL('/v1/chat/completions', platform.gateway.url);
    const sent = request(url, { method: 'POST', headers }, answer => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', chunk => (text += chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          requestId: String(answer.headers['x-request-id']),
          cache: answer.headers['x-fairway-cache'] as string | undefined,
          text,
          milliseconds: performance.now() - began,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

function usageOf({ text }: Answer): { readonly prompt_tokens: number; readonly completion_tokens: number } {
  const events = text.split('\n').filter(line => line.startsWith('data: {'));
  return (JSON.parse(events.at(-1)!.slice(6)) as { usage: ReturnType<typeof usageOf> }).usage;
}

/** The rows of a request, once there are some and no more come. */
async function rowsOf(requestId: string): Promise<readonly RequestUsage[]> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(500))
    if ((await ledger.request(requestId)).length > 0) {
      await pause(1500);
      return ledger.request(requestId);
    }
  return [];
}

/** The sum of a counter over all series. */
async function counter(query: string): Promise<number> {
  const url = `${platform.prometheus.url}/api/v1/query?query=${encodeURIComponent(`sum(${query})`)}`;
  const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? Number.NaN);
}

const counters = {
  gateway: 'envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix=~"http.*"}',
  authentication: 'envoy_http_jwt_authn_allowed',
  inference: `llamacpp:tokens_predicted_total{namespace="${name}"}`,
} as const;

/** All counters, once two scrapes saw the same. */
async function settled(): Promise<Readonly<Record<keyof typeof counters, number>>> {
  let before = '';
  for (let tries = 0; tries < 20; tries += 1) {
    const values = await Promise.all(Object.values(counters).map(counter));
    const now = JSON.stringify(values);
    if (now === before && !values.some(Number.isNaN))
      return Object.fromEntries(Object.keys(counters).map((key, index) => [key, values[index]!])) as Readonly<
        Record<keyof typeof counters, number>
      >;
    before = now;
    // Prometheus scrapes every five seconds
    await pause(11_000);
  }
  throw new Error(`The counters do not come to rest or are not there: ${before}`);
}

test('one streamed request moves the counters of gateway, authentication and engine, and stands in the ledger once', async () => {
  const before = await settled();
  const answer = await ask('Say hello.');
  expect(answer).toMatchObject({ status: 200, cache: undefined });
  expect(answer.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  const usage = usageOf(answer);
  const after = await settled();
  expect(after.gateway - before.gateway).toBe(1);
  expect(after.authentication - before.authentication).toBe(1);
  // llama.cpp counts tokens, not requests
  expect(after.inference - before.inference).toBe(usage.completion_tokens);
  const rows = await rowsOf(answer.requestId);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    service: `${name}/${name}`,
    subject: platform.issuer.clients.user.id,
    model: 'hello-tiny',
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    status: 200,
  });
  expect(rows[0]!.ttftMilliseconds).toBeGreaterThan(0);
  expect(rows[0]!.ttftMilliseconds).toBeLessThanOrEqual(rows[0]!.durationMilliseconds);
  expect(rows[0]!.version).toMatch(/^[0-9a-z]+$/);
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
  const content = `Say hello to ${randomUUID()}.`;
  const first = await ask(content, { temperature: 0 });
  await pause(300);
  const second = await ask(content, { temperature: 0 });
  expect([first.cache, second.cache]).toEqual(['miss', 'hit']);
  expect(second.text).toBe(first.text);
  expect(usageOf(second)).toEqual(usageOf(first));
  const [row] = await rowsOf(second.requestId);
  expect(row).toMatchObject({ cache: 'hit', promptTokens: usageOf(first).prompt_tokens });
});

test('a prompt that is longer than the gateway holds passes', async () => {
  const answer = await ask('hello '.repeat(12_000), { temperature: 0 });
  // the engine rejects what is over its context; the gateway did not
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('context');
});

async function scale(namespace: string, deployment: string, replicas: number): Promise<void> {
  const cluster = await connectCluster(platform.kubernetes);
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: deployment } };
  await cluster.request('PATCH', await cluster.path(object), {
    body: { spec: { replicas } },
    contentType: 'application/merge-patch+json',
  });
  for (const end = Date.now() + 90_000; Date.now() < end; await pause(500)) {
    const found = await cluster.get<{
      apiVersion: string;
      kind: string;
      metadata: { name: string };
      status?: { replicas?: number; readyReplicas?: number };
    }>(object);
    if ((found?.status?.readyReplicas ?? 0) === replicas && (found?.status?.replicas ?? 0) === replicas) return;
  }
  throw new Error(`${namespace}/${deployment} did not get to ${replicas} replicas.`);
}

test('without Redis requests pass by the cache', async () => {
  await scale('fairway-system', 'redis', 0);
  try {
    const content = `Say hello to ${randomUUID()}.`;
    const answers = [await ask(content, { temperature: 0 }), await ask(content, { temperature: 0 })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(({ cache }) => cache)).not.toContain('hit');
  } finally {
    await scale('fairway-system', 'redis', 1);
  }
});

test('without the cache itself requests pass', async () => {
  await scale('fairway-system', 'cache', 0);
  try {
    expect(await ask('Say hello.', { temperature: 0 })).toMatchObject({ status: 200, cache: undefined });
  } finally {
    await scale('fairway-system', 'cache', 1);
  }
});

test('what was asked while PostgreSQL was down is in the ledger afterwards', async () => {
  await scale('fairway-ledger', 'postgres', 0);
  const asked: Answer[] = [];
  try {
    for (let number = 0; number < 5; number += 1) asked.push(await ask(`Say ${number}.`));
  } finally {
    await scale('fairway-ledger', 'postgres', 1);
  }
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  for (const { requestId } of asked) expect(await rowsOf(requestId)).toHaveLength(1);
});
