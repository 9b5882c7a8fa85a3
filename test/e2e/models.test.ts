import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { readRecord } from '@fairway/stage';
import { limitsPatch } from '@fairway/targets/gateway/envoy/limits-unavailable';
import { listReferences } from '@fairway/targets/gateway/envoy/shared-list';
import { parseGateway } from '@fairway/targets/gateway/references';
import { tinyService } from '../fixtures/service.ts';
import { removeService } from '../remove-service.ts';
import { askGateway } from './ask.ts';
import { copyExample, editService, giveHostname } from './example-copy.ts';
import { fairway } from './fairway-command.ts';
import { accessToken, platform } from './platform.ts';
import { scale } from './scale.ts';

jest.setTimeout(900_000);

const host = 'models.e2e.localhost';
const first = { name: 'models-first', model: 'first-tiny' };
const second = { name: 'models-second', model: 'second-tiny' };
const chatPath = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'Say hello.' }];
const folders: string[] = [];
const revisions: Record<string, string | undefined> = {};
let everything: string;
let embeddings: string;

async function makeFolder(
  { name, model }: { name: string; model: string },
  access = '  requestsPerMinute: 3000',
): Promise<string> {
  const folder = await copyExample(name);
  folders.push(folder);
  await giveHostname(folder, host);
  await editService(folder, text =>
    text.replace(/^  name: hello-tiny$/m, `  name: ${model}`).replace(/^  requestsPerMinute: .*$/m, access),
  );
  return folder;
}

const chat = (body: object, token: string, more: { headers?: Record<string, string>; hangUpAfter?: number } = {}) =>
  askGateway(host, chatPath, { token, body: { max_tokens: 4, messages, ...body }, ...more });

/** What is left to a client of its tokens with the first service. */
async function left(token: string): Promise<number> {
  const { headers } = await askGateway(host, '/v1/models', {
    token,
    headers: { 'x-fairway-revision': revisions[first.name] ?? '' },
  });
  return Number(headers['x-ratelimit-remaining']);
}

/** Waits until limits are counted: answers then say what is left. */
async function untilCounted(): Promise<void> {
  const began = Date.now();
  while (Number.isNaN(await left(everything))) {
    // a connection is tried anew every four seconds at the latest
    if (Date.now() - began > 30_000) throw new Error('Limits are not counted half a minute after Redis is ready.');
    await sleep(250);
  }
}

beforeAll(async () => {
  // fewer requests than tokens, as in nearly every service
  const roles =
    '  requestsPerMinute: 1400\n  tokensPerMinute: 1500\n  roles: [{ name: "llm:embeddings", operations: [embeddings] }]';
  const one = await fairway(['deliver', await makeFolder(first, roles), '--to', 'mesh', '--json']);
  expect(one).toMatchObject({ code: 0 });
  const of = (stages: typeof one.stages, stage: string) => stages.findLast(found => found.stage === stage)?.outputs;
  revisions[first.name] = of(one.stages, 'deploy')?.['revision'];
  const folder = await makeFolder(second);
  expect(await fairway(['deliver', folder, '--to', 'prepare'])).toMatchObject({ code: 0 });
  const image = of(one.stages, 'push')?.['reference'] ?? '';
  const two = await fairway(['deliver', folder, '--from', 'deploy', '--to', 'mesh', '--image', image, '--json']);
  expect(two.stages.flatMap(({ verdict, reason }) => (verdict === 'fail' ? [reason] : []))).toEqual([]);
  expect(two).toMatchObject({ code: 0 });
  revisions[second.name] = of(two.stages, 'deploy')?.['revision'];
  everything = await accessToken('user', 'llm:chat');
  embeddings = await accessToken('user', 'llm:embeddings');
});

afterAll(async () => {
  for (const { name } of [first, second]) await removeService(platform, name);
  // nothing of theirs is left beside the gateway
  const cluster = await connectCluster(platform.kubernetes);
  const gateway = parseGateway(platform.gateway.reference);
  for (const { name } of [first, second]) {
    const service = tinyService({ name, namespace: name, access: { hostname: host } });
    for (const object of [...listReferences(service, gateway), limitsPatch(service, gateway)])
      expect(await cluster.get(object)).toBeUndefined();
  }
  for (const folder of folders) await rm(folder, { recursive: true });
});

test('one host, two services: the model of the body decides', async () => {
  for (const { name, model } of [first, second]) {
    const answer = await chat({ model }, everything);
    expect(answer).toMatchObject({ status: 200, headers: { 'x-fairway-revision': revisions[name] } });
  }
  const { status, text, headers } = await chat({ model: 'nobody' }, everything);
  expect(status).toBe(404);
  expect(JSON.parse(text)).toMatchObject({
    error: { code: 'model_not_found', request_id: headers['x-request-id'] },
  });
});

test('a header of the client does not choose the model', async () => {
  const spoofed = { headers: { 'x-model': second.model, 'x-user': 'somebody' } };
  expect(await chat({ model: first.model }, everything, spoofed)).toMatchObject({
    status: 200,
    headers: { 'x-fairway-revision': revisions[first.name] },
  });
  expect(await chat({ model: 'nobody' }, everything, spoofed)).toMatchObject({ status: 404 });
});

test.each<[string, string, number[]]>([
  ['no model', '{"messages":[]}', [404]],
  ['a model that is a list', `{"model":["${first.model}"],"messages":[]}`, [404]],
  ['two models', `{"model":"${first.model}","model":"${second.model}","messages":[]}`, [404]],
  ['a line break in the model', `{"model":"${first.model}\\r\\nx-fairway-revision: x","messages":[]}`, [403, 404]],
  ['broken JSON', `{"model":"${first.model}","messages":[`, [400]],
  ['nesting', `{"model":"${first.model}","x":${'['.repeat(2000)}${']'.repeat(2000)}}`, [413]],
  ['nothing', '', [404]],
])('%s reaches no version', async (_name, body, statuses) => {
  const { status, headers, text } = await askGateway(host, chatPath, { token: everything, body });
  expect(statuses).toContain(status);
  expect(headers).not.toHaveProperty('x-fairway-revision');
  expect(JSON.parse(text)).toMatchObject({ error: { message: expect.any(String), code: expect.any(String) } });
});

test('the body reaches the engine as it was sent', async () => {
  // a parser that writes numbers anew cannot hold this one
  const body = `{"model":"${first.model}","seed":12345678901234567890,"max_tokens":2,"messages":${JSON.stringify(messages)}}`;
  expect(await askGateway(host, chatPath, { token: everything, body })).toMatchObject({ status: 200 });
});

test('a role opens its operation of its service, and no other', async () => {
  const embed = (model: string) =>
    askGateway(host, '/v1/embeddings', { token: embeddings, body: { model, input: 'hello' } });
  expect((await embed(first.model)).headers).toHaveProperty('x-fairway-revision', revisions[first.name]);
  for (const answer of [await chat({ model: first.model }, embeddings), await embed(second.model)]) {
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'insufficient_permissions' } });
  }
});

async function models(token: string): Promise<readonly string[]> {
  const { text } = await askGateway(host, '/v1/models', { token });
  return (JSON.parse(text) as { data: { id: string }[] }).data.map(({ id }) => id).sort();
}

test('the list of models holds those that the token may use', async () => {
  expect(await models(everything)).toEqual([first.model, second.model]);
  expect(await models(embeddings)).toEqual([]);
  expect(await askGateway(host, '/v1/models')).toMatchObject({ status: 401 });
});

test('prepare says that an address is taken', async () => {
  const folder = await makeFolder({ name: 'models-third', model: first.model });
  const { code, stdout } = await fairway(['deliver', folder, '--to', 'prepare', '--json']);
  expect(code).not.toBe(0);
  expect(stdout).toContain(`The route ${first.name}/${first.name}-chat of another service answers for the model`);
});

test('a client that hangs up pays for what it got', async () => {
  // limits count anew at every full minute, and both looks must be in the same one
  const rest = 60_000 - (Date.now() % 60_000);
  if (rest < 10_000) await sleep(rest + 500);
  const before = await left(everything);
  await chat({ model: first.model, stream: true, max_tokens: 1000, ignore_eos: true }, everything, {
    hangUpAfter: 8000,
  });
  await sleep(2000);
  // an event of this engine is some 190 characters
  expect(before - (await left(everything))).toBeGreaterThan(25);
});

test('without Redis requests pass or are denied, as the service asks', async () => {
  await scale('fairway-system', 'redis', 0);
  try {
    expect(await chat({ model: first.model }, everything)).toMatchObject({ status: 200 });
    const [folder = ''] = folders;
    await editService(folder, text => text.replace(/^access:$/m, 'access:\n  limitsUnavailable: deny'));
    // the probes would be denied too, so the stage runs with Redis there
    await scale('fairway-system', 'redis', 1);
    await untilCounted();
    expect(await fairway(['deliver', folder, '--from', 'mesh', '--to', 'mesh'])).toMatchObject({ code: 0 });
    await scale('fairway-system', 'redis', 0);
    const denied = await chat({ model: first.model }, everything);
    expect(denied.status).toBe(503);
    expect(JSON.parse(denied.text)).toMatchObject({ error: { code: 'service_unavailable' } });
    // the other service has no limit of tokens
    expect(await chat({ model: second.model }, everything)).toMatchObject({ status: 200 });
  } finally {
    await scale('fairway-system', 'redis', 1);
    await untilCounted();
  }
});

test('tokens used up are 429 with the time to wait, and another client goes on', async () => {
  const stream = () => chat({ model: first.model, stream: true, max_tokens: 400, ignore_eos: true }, everything);
  let answer = await stream();
  for (let tries = 0; tries < 20 && answer.status !== 429; tries++) answer = await stream();
  expect(answer.status).toBe(429);
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  const wait = Number(answer.headers['retry-after']);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect(answer.headers['x-ratelimit-remaining']).toBe('0');
  // what the firewall would deny costs no look at the body any more
  const attack = { model: first.model, metadata: { note: '<script>alert(1)</script>' } };
  expect(await chat(attack, everything)).toMatchObject({ status: 429 });
  expect(await chat({ ...attack, model: second.model }, everything)).toMatchObject({ status: 403 });
  expect(await left(await accessToken('viewer', 'llm:read'))).toBe(1500);
  expect(await chat({ model: second.model }, everything)).toMatchObject({ status: 200 });
});

test('an address that floods the gateway is 429 with the time to wait, before anybody looks at its requests', async () => {
  const { hostname, port } = new URL(platform.gateway.url);
  // other tests ask from the usual address
  const from = { host: hostname, port: Number(port), localAddress: '127.0.0.9' };
  // each on a connection of its own: on one, the gateway would look at them one after the other, and the bucket would fill up meanwhile
  const sockets = Array.from({ length: 2500 }, () => net.connect(from).on('error', () => undefined));
  try {
    // connecting takes as long as the bucket needs to fill up on a busy machine, and no part of the bucket
    await Promise.all(sockets.map(socket => once(socket, 'connect')));
    const answer = await new Promise<string>((resolve, reject) => {
      let left = sockets.length;
      for (const socket of sockets) {
        let text = '';
        socket.on('data', (piece: Buffer) => {
          text += piece.toString('latin1');
          if (/^HTTP\/1\.1 429[^]*\}/.test(text)) resolve(text);
        });
        socket.on('close', () => --left === 0 && reject(new Error('No request was too many.')));
        socket.write('GET /v1/models HTTP/1.1\r\nhost: nowhere.e2e.localhost\r\nconnection: close\r\n\r\n');
      }
    });
    expect(answer).toMatch(/^retry-after: 1\r$/im);
    expect(answer).toContain('"code":"rate_limit_exceeded"');
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  // the bucket of the address is full again
  await sleep(3000);
});

test('a service that is removed takes nothing of the other one with it, which goes on meanwhile', async () => {
  const [folder = ''] = folders;
  const gone = { code: 2, stderr: expect.stringContaining('Nothing was removed. Add --yes') };
  expect(await fairway(['remove', folder])).toMatchObject(gone);
  const planned = await fairway(['remove', folder, '--dry-run', '--json']);
  expect(await chat({ model: second.model }, everything)).toMatchObject({ status: 200 });
  const statuses = new Set<number>();
  let going = true;
  const asking = (async () => {
    while (going) statuses.add((await chat({ model: second.model }, everything)).status);
  })();
  const removed = await fairway(['remove', folder, '--yes', '--json']);
  // until the gateway has heard of all of it
  await sleep(5000);
  going = false;
  await asking;
  expect(removed).toMatchObject({ code: 0, stdout: planned.stdout });
  const { removed: names } = JSON.parse(removed.stdout) as { removed: string[] };
  expect(names).toEqual(
    expect.arrayContaining([
      `HTTPRoute ${first.name}/${first.name}-chat`,
      `Deployment ${first.name}/${first.name}-${revisions[first.name]}`,
    ]),
  );
  expect(names.filter(name => name.includes(second.name))).toEqual([]);
  expect([...statuses]).toEqual([200]);
  expect((await chat({ model: first.model }, everything)).status).toBe(404);
  expect(await models(everything)).toEqual([second.model]);
  expect(await readRecord(folder)).toMatchObject({ removedAt: expect.any(String), stages: { mesh: { stale: true } } });
  expect(await fairway(['remove', folder, '--yes', '--json'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"removed":[]'),
  });
});
