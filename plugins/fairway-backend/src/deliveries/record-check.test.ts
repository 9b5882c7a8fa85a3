import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigReader } from '@backstage/config';
import { digestOf } from '@fairway/clients/registry/content';
import type { DeliveryRecord } from '@fairway/stage/record';
import request from 'supertest';
import { imageDigest, sampleDelivery } from '../testing/sample-delivery.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';
import { checkRecord, configuredRegistries } from './record-check.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const recordType = 'application/vnd.fairway.delivery+json';

/** What is attached to the image, in the order of the registry. */
let attached: { type: string; content: string }[];
let answers: boolean;
let server: Server;
let host: string;

/** The part of a registry that a pull by a token needs: https://github.com/opencontainers/distribution-spec and Docker's token flow. */
beforeEach(async () => {
  [attached, answers] = [[], true];
  server = createServer((asked, response) => {
    const url = new URL(asked.url ?? '', `http://${host}`);
    const send = (status: number, type: string, body: string) =>
      void response.writeHead(status, { 'content-type': type }).end(body);
    if (!answers) return send(403, 'text/plain', 'closed for the night');
    if (url.pathname === '/token') {
      const right = asked.headers.authorization === `Basic ${Buffer.from('reader:secret').toString('base64')}`;
      return send(right ? 200 : 401, 'application/json', '{"token":"pull"}');
    }
    if (asked.headers.authorization !== 'Bearer pull') {
      const challenge = `Bearer realm="http://${host}/token",service="registry",scope="repository:hello-llm:pull"`;
      return void response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
    const manifests = attached.map(({ type, content }) => {
      const layers = [{ mediaType: type, digest: digestOf(content), size: content.length }];
      return { type, text: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, artifactType: type, layers }) };
    });
    const [, kind, reference] = /^\/v2\/hello-llm\/(\w+)\/(.+)$/.exec(url.pathname) ?? [];
    if (kind === 'referrers') {
      const list = manifests.map(({ type, text }) => ({
        ...{ mediaType: manifestType, artifactType: type, digest: digestOf(text), size: text.length },
      }));
      return send(200, indexType, JSON.stringify({ manifests: reference === imageDigest ? list : [] }));
    }
    const found =
      kind === 'manifests'
        ? manifests.find(({ text }) => digestOf(text) === reference)?.text
        : attached.find(({ content }) => digestOf(content) === reference)?.content;
    return send(found ? 200 : 404, manifestType, found ?? '');
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise(closed => server.close(closed)));

/** As the stages leave it when `push` has ended: attached before that ended, and so without it. */
function pushed() {
  const ingest = sampleDelivery({ until: 'push' });
  const { push, ...before } = ingest.record.stages;
  const outputs = { ...push?.outputs, reference: `${host}/hello-llm@${imageDigest}` };
  const record = { ...ingest.record, stages: { ...before, push: { ...push!, outputs } } } as DeliveryRecord;
  return { ...ingest, record, before: { ...record, stages: before } as DeliveryRecord };
}

const attach = (record: unknown, type = recordType) => attached.push({ type, content: JSON.stringify(record) });
const registries = () => new Map([[host, { username: 'reader', password: 'secret' }]]);
const check = (record: DeliveryRecord, from = registries()) => checkRecord(record, from, new AbortController().signal);

test('the record that is attached to the image is verified, among those of others', async () => {
  const { record, before } = pushed();
  attach({ anything: 'else' });
  attach({ ...before, id: 'another' });
  attach(before);
  attach({}, 'application/vnd.cyclonedx+json');
  expect(await check(record)).toEqual({ state: 'verified', at: expect.any(String) });
  // stages that ran since say nothing of the image
  const later = sampleDelivery().record.stages.deploy;
  expect((await check({ ...record, stages: { ...record.stages, deploy: later } }))?.state).toBe('verified');
});

test('what was changed since is named', async () => {
  const { record, before } = pushed();
  attach({
    ...before,
    source: { commit: '0'.repeat(40) },
    stages: { ...before.stages, scan: { ...before.stages.scan, verdict: 'fail' } },
  });
  expect(await check(record)).toMatchObject({ state: 'differs', words: 'source, scan' });
});

test('records of other deliveries are none of this one; that of a promotion is the one of the image', async () => {
  const { record, before } = pushed();
  attach({ ...before, id: 'another' });
  expect((await check(record))?.state).toBe('no-referrer');
  expect((await check({ ...record, promotedFrom: 'staging' }))?.state).toBe('verified');
});

test('a registry that does not answer, or not us, is said in its words', async () => {
  const { record, before } = pushed();
  attach(before);
  const wrong = new Map([[host, { username: 'reader', password: 'wrong' }]]);
  expect(await check(record, wrong)).toMatchObject({
    state: 'unreachable',
    words: expect.stringContaining('"reader"'),
  });
  answers = false;
  expect(await check(record)).toMatchObject({
    state: 'unreachable',
    words: expect.stringContaining('closed for the night'),
    coded: { code: expect.any(String) },
  });
});

test('no other registry is asked, whatever a record names', async () => {
  const { record } = pushed();
  expect(await check(record, new Map([['registry.test', { username: '', password: '' }]]))).toBeUndefined();
  expect(await check(sampleDelivery({ until: 'build' }).record)).toBeUndefined();
});

test('a delivery is stored at once, and says later what the registry said', async () => {
  const { record, before, evidence } = pushed();
  attach(before);
  const verifyRecords = { registries: [{ host, username: 'reader', password: 'secret' }] };
  const { server: portal } = await startTestPortal({ config: { verifyRecords } });
  const bearer = { authorization: `Bearer ${tokens.all}` };
  const sent = await request(portal).post('/api/fairway/deliveries').set(bearer).send({ record, evidence });
  expect(sent.status).toBe(200);
  let found: { state?: string } | undefined;
  while (!found) {
    await new Promise(resolve => setTimeout(resolve, 20));
    found = (await request(portal).get(`/api/fairway/deliveries/${record.id}`).set(bearer)).body.recordCheck;
  }
  expect(found.state).toBe('verified');
});

test('a registry is named by its host', () => {
  const of = (name: string) =>
    configuredRegistries(new ConfigReader({ fairway: { verifyRecords: { registries: [{ host: name }] } } }));
  expect([...of('registry.example.com:5000').keys()]).toEqual(['registry.example.com:5000']);
  expect(() => of('https://registry.example.com')).toThrow(/verifyRecords.registries\[0\].host is "https:/);
  expect(configuredRegistries(new ConfigReader({})).size).toBe(0);
});
