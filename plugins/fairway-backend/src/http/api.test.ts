import { mockCredentials } from '@backstage/backend-test-utils';
import { maxIngestBytes, operations } from '@fairway/backstage-plugin-fairway-common';
import request from 'supertest';
import { sampleDelivery } from '../testing/sample-delivery.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const reads = [
  '/capacity/fleet',
  '/home',
  '/services',
  '/services/a/a/summary',
  '/services/a/a/indicators',
  '/services/a/a/usage',
  '/usage',
  '/usage/clients',
  '/services/a/deliveries',
  '/deliveries/a',
  '/deliveries/a/evidence/b',
  '/deployments',
].concat('/capacity', '/alerts', '/comparisons');

test('a record that is too large, malformed or of another shape gets one clear sentence and changes nothing', async () => {
  const { server } = await startTestPortal();
  const post = (body: string | object, headers = {}) =>
    request(server)
      .post('/api/fairway/deliveries')
      .set({ ...bearer(tokens.sender), 'content-type': 'application/json', ...headers })
      .send(body);
  const large = await post(JSON.stringify({ record: 'x'.repeat(50 * 1024 * 1024) }));
  expect(large.status).toBe(413);
  expect(large.body.error.message).toMatch(new RegExp(`has 5\\d{7} bytes; at most ${maxIngestBytes} bytes are taken`));
  const broken = await post('{"record": ');
  expect(broken.status).toBe(400);
  expect(broken.body.error.message).toMatch(/^The body of POST \/api\/fairway\/deliveries is not JSON/);
  const other = await post({ record: { ...sampleDelivery().record, schemaVersion: 7 }, evidence: {}, more: 1 });
  expect(other.status).toBe(400);
  expect(other.body.error.message).toMatch(/record.schemaVersion: .*; Unrecognized key: "more". Nothing was changed/);
  expect((await post('[]')).status).toBe(400);
  expect((await post('{}', { 'content-encoding': 'x' })).status).toBe(400);
  const services = await request(server).get('/api/fairway/services').set(bearer(tokens.reader));
  expect(services.body).toEqual({ items: [] });
});

test('a query that is not what an operation takes is refused', async () => {
  const { server } = await startTestPortal();
  const answer = await request(server).get('/api/fairway/deployments?service=a&service=b').set(bearer(tokens.reader));
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain('The query of GET /api/fairway/deployments');
});

test('external access gets what its token was given and no more', async () => {
  const { server } = await startTestPortal();
  const get = (path: string, token: string) => request(server).get(`/api/fairway${path}`).set(bearer(token));
  const send = (token: string) =>
    request(server).post('/api/fairway/deliveries').set(bearer(token)).send(sampleDelivery());
  expect((await send(tokens.reader)).status).toBe(403);
  expect((await send('no-such-token')).status).toBe(401);
  expect((await send(tokens.sender)).status).toBe(200);
  for (const path of reads) {
    expect((await get(path, tokens.sender)).status).toBe(403);
    expect((await request(server).get(`/api/fairway${path}`)).status).toBe(401);
  }
  expect((await get('/services', tokens.reader)).status).toBe(200);
  const denied = await get('/services', tokens.sender);
  expect(denied.body.error.message).toContain('needs the permission fairway.read');
  expect(denied.body.error.coded).toEqual({ code: 'answer.permission', parameters: { permission: 'fairway.read' } });
});

test('alerts are taken by people, and who took one is written down', async () => {
  const { server, audit } = await startTestPortal({ users: true });
  const post = (path: string, header: string, body: object) =>
    request(server).post(`/api/fairway/alerts/east/f1/${path}`).set('authorization', header).send(body);
  const ann = mockCredentials.user.header('user:default/ann');
  expect((await post('acknowledge', ann, {})).body.by).toBe('user:default/ann');
  const silenced = await post('silence', ann, { minutes: 5, comment: 'known' });
  expect([silenced.status, silenced.body.error.message]).toEqual([404, 'There is no alert f1.']);
  expect((await post('silence', ann, { minutes: 100_000, comment: 'known' })).status).toBe(400);
  expect((await post('acknowledge', mockCredentials.service.header(), {})).status).toBe(403);
  expect(audit).toEqual([
    { eventId: 'alert-acknowledge', status: 'succeeded', meta: { source: 'east', fingerprint: 'f1' } },
    {
      eventId: 'alert-silence',
      status: 'failed',
      meta: { source: 'east', fingerprint: 'f1', minutes: 5, comment: 'known' },
      error: 'There is no alert f1.',
    },
  ]);
});

test('the description names every operation with what it takes and answers', async () => {
  const { server } = await startTestPortal();
  const { body } = await request(server).get('/api/fairway/openapi.json').set(bearer(tokens.reader)).expect(200);
  expect(body.openapi).toBe('3.1.0');
  const described = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap(path =>
    Object.values(path).map(operation => operation.operationId),
  );
  expect(described.sort()).toEqual(Object.keys(operations).sort());
  expect(body.paths['/services/{service}/deliveries'].get.parameters).toEqual([
    { name: 'service', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'namespace', in: 'query', required: false, schema: { type: 'string' } },
    { name: 'before', in: 'query', required: false, schema: { type: 'string' } },
  ]);
  const ingest = body.paths['/deliveries'].post;
  expect(ingest.security).toEqual([{ backstage: [] }, { run: [] }]);
  expect(ingest.requestBody.content['application/json'].schema.required).toEqual(['record', 'evidence']);
});
