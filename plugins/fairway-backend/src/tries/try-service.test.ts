import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { coreServices, createServiceFactory, type LoggerService } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { Ingest } from '@fairway/backstage-plugin-fairway-common';
import { digestOf } from '@fairway/clients/registry/content';
import request from 'supertest';
import { sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { startTestPortal, type TestPortalOptions } from '../testing/test-portal.ts';

const ann = mockCredentials.user.header('user:default/ann');
const path = '/api/fairway/services/hello-llm/hello-llm/try';
const token = 'eyJhbGciOi.a-token-of-ann.x';

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const piece = (content: string) => event({ choices: [{ delta: { content } }] });
const usage = event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } });

interface Heard {
  readonly method?: string;
  readonly url?: string;
  readonly headers: http.IncomingHttpHeaders;
  /** As they were sent: of some that came twice `headers` holds one. */
  readonly names: readonly string[];
  readonly body: string;
}

let answer: (response: http.ServerResponse, heard: Heard) => void;
const heard: Heard[] = [];
const gateway = http.createServer((asked, response) => {
  let body = '';
  asked.on('data', (chunk: Buffer) => (body += chunk.toString()));
  asked.on('end', () => {
    const names = asked.rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase());
    const one = { method: asked.method, url: asked.url, headers: asked.headers, names, body };
    heard.push(one);
    answer(response, one);
  });
});
let url: string;
beforeAll(async () => {
  await new Promise<void>(listening => gateway.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});
beforeEach(() => void heard.splice(0));

/** A delivery of a service without a host name of its own, which is asked at its gateway. */
function delivered(mesh: string): Ingest {
  const sample = withStage(sampleDelivery(), 'mesh', { outputs: { url: mesh } });
  const [prepared] = sample.record.stages.prepare?.evidence ?? [];
  if (!prepared) throw new Error('The sample has no service.');
  const { [prepared.digest]: text = '', ...others } = sample.evidence;
  const content = JSON.stringify({ ...JSON.parse(text), access: {} });
  const digest = digestOf(content);
  const described = withStage(sample, 'prepare', { evidence: [{ ...prepared, digest }] });
  return { ...described, evidence: { ...others, [digest]: content } };
}

async function portal(mesh = url, options: TestPortalOptions = {}) {
  const said: string[] = [];
  const hear = (...words: unknown[]) => void said.push(JSON.stringify(words));
  const logger: LoggerService = { error: hear, warn: hear, info: hear, debug: hear, child: () => logger };
  const { server, audit, told } = await startTestPortal({
    users: true,
    config: { senders: [{ subject: mockCredentials.service().principal.subject, owners: ['*'] }] },
    features: [createServiceFactory({ service: coreServices.logger, deps: {}, factory: () => logger })],
    ...options,
  });
  await request(server)
    .post('/api/fairway/deliveries')
    .set('authorization', mockCredentials.service.header())
    .send(delivered(mesh))
    .expect(200);
  audit.splice(0);
  const ask = async (body: object = { question: 'Hello?', token }, header = ann, at = path) => {
    const { status, body: given } = await request(server).post(at).set('authorization', header).send(body);
    return { status, given, message: String(given.error?.message ?? '') };
  };
  return { ask, audit, said: () => [...said, JSON.stringify([audit, told])].join('\n') };
}

/** Answers a chat as an engine does. */
const chat = (response: http.ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(piece('Hel'));
  setTimeout(() => response.end(`${piece('lo')}${usage}data: [DONE]\n\n`), 30);
};

test('sends one chat with the token of the body, and says when the first token came and how many there were', async () => {
  answer = chat;
  const { ask, audit, said } = await portal();
  const { status, given } = await ask();
  expect([status, given]).toEqual([
    200,
    {
      ...{ text: 'Hello', promptTokens: 7, completionTokens: 2, cut: false },
      ...{ timeToFirstToken: expect.any(Number), milliseconds: expect.any(Number) },
    },
  ]);
  expect(given.milliseconds - given.timeToFirstToken).toBeGreaterThan(15);
  expect(heard).toEqual([
    expect.objectContaining({
      ...{ method: 'POST', url: '/v1/chat/completions' },
      headers: expect.objectContaining({ authorization: `Bearer ${token}` }),
    }),
  ]);
  // the gateway takes no body whose type is written twice
  expect(heard[0]?.names).toEqual([...new Set(heard[0]?.names)]);
  expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
    ...{ model: 'hello-tiny', stream: true, stream_options: { include_usage: true }, max_tokens: 256 },
    messages: [{ role: 'user', content: 'Hello?' }],
  });
  // who asked whom is written down, and neither the token nor the question
  expect(audit).toEqual([
    { eventId: 'service-try', status: 'succeeded', meta: { namespace: 'hello-llm', service: 'hello-llm' } },
  ]);
  expect(said()).not.toMatch(/a-token-of-ann|Hello\?/);
});

test.each<[number, Record<string, string>, string, RegExp]>([
  [401, {}, 'try.denied', /does not accept the token/],
  [403, {}, 'try.forbidden', /no role for chat with hello-tiny/],
  [404, {}, 'try.noModel', /answers chat with hello-tiny/],
  [429, { 'retry-after': '17' }, 'try.limited', /Try again in 17 s/],
  [429, {}, 'try.limitedLater', /Wait, then try again/],
  [503, {}, 'try.status', /status 503/],
  // an address that sends somewhere else is not followed
  [302, { location: 'http://127.0.0.1:1/' }, 'try.status', /status 302/],
])('a status of %i %j is %s, with what the gateway says', async (status, headers, code, text) => {
  answer = response =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: `No, and not with ${token}.`, code: 'x' } }));
  const { ask } = await portal();
  const { given } = await ask();
  expect(given).toMatchObject({ text: '', problem: expect.stringMatching(text), coded: { code } });
  expect(given.said).toBe('No, and not with ***.');
  expect(heard).toHaveLength(1);
});

test('of something else that answers there, nothing is read', async () => {
  const { ask } = await portal();
  const secretPage = 'root:x:0:0:instance-credentials';
  for (const type of ['text/html', 'application/json', 'text/event-stream'])
    for (const status of [200, 500]) {
      answer = response => response.writeHead(status, { 'content-type': type }).end(`${secretPage}\n`);
      const { given } = await ask();
      expect([type, status, JSON.stringify(given)]).toEqual([type, status, expect.not.stringContaining('root')]);
      expect(given.problem).toBeDefined();
    }
  answer = response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(piece('x'.repeat(2 * 1024 * 1024)));
  };
  expect((await ask()).given).toMatchObject({ text: '', coded: { code: 'try.broken' } });
});

test('an answer that breaks off is shown as far as it came', async () => {
  answer = response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${piece('Hel')}${event({ error: { message: 'out of memory' } })}`);
  };
  const { ask } = await portal();
  expect((await ask()).given).toMatchObject({ text: 'Hel', coded: { code: 'try.broken' }, said: 'out of memory' });
});

test('where nothing answers, the address and why are named', async () => {
  const { ask } = await portal('http://127.0.0.1:1');
  expect((await ask()).given).toMatchObject({
    problem: expect.stringMatching(/does not reach http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/),
    coded: { code: 'try.unreachable' },
  });
});

test('only what a person may try, at the address of the service alone', async () => {
  answer = chat;
  const { ask } = await portal();
  for (const [body, text] of [
    [{ question: 'Hello?', token: 'a\r\nhost: b' }, /token without blanks/],
    [{ question: 'Hello?', url: 'http://127.0.0.1:1' }, /url/],
    [{ question: ' ' }, /question/],
    [{ question: 'x'.repeat(4001) }, /question/],
  ] as const) {
    const { status, message } = await ask(body);
    expect([status, message]).toEqual([400, expect.stringMatching(text)]);
  }
  expect((await ask(undefined, mockCredentials.service.header())).status).toBe(403);
  expect((await ask(undefined, ann, path.replaceAll('hello-llm', 'other'))).status).toBe(409);
  expect(heard).toEqual([]);
  // a gateway that asks for no token is asked without one
  await ask({ question: 'Hello?' });
  expect(heard.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test.each(['ftp://127.0.0.1', 'http://ann@127.0.0.1:1', 'no address'])('%s is asked nothing', async mesh => {
  const { ask } = await portal(mesh);
  expect(await ask()).toMatchObject({ status: 409, message: expect.stringMatching(/knows no address of hello-llm/) });
});
