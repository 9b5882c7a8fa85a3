import { createServer, type Server } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@fairway/clients/registry/index';
import { report } from './report.ts';

/** GitHub's token service and the portal on one port; what they were asked. */
let server: Server;
let asked: { url: string; authorization?: string; body: string }[];
let folder: string;
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const signal = new AbortController().signal;

beforeEach(async () => {
  asked = [];
  folder = await mkdtemp(join(tmpdir(), 'fairway-report-'));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', authorization: request.headers.authorization, body });
      response.end(request.url?.startsWith('/token') ? '{"value":"run-token"}' : '{"id":"d1","changed":true}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise(resolve => server.close(resolve));
  await rm(folder, { recursive: true });
});

const environment = () => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${origin()}/token?api-version=2.0`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job',
});

async function writeDelivery(): Promise<void> {
  await mkdir(join(folder, '.fairway/evidence'), { recursive: true });
  await writeFile(join(folder, '.fairway/evidence/layers.json'), '[]');
  const digest = digestOf(Buffer.from('[]'));
  const at = '2026-11-25T12:00:00.000Z';
  const layers = { mediaType: 'application/json', path: 'evidence/layers.json', digest };
  const build = {
    verdict: 'pass',
    reason: 'Built.',
    key: 'k',
    startedAt: at,
    finishedAt: at,
    outputs: {},
    evidence: [layers],
  };
  const record = { schemaVersion: 1, id: 'd1', service: { name: 'hello' }, source: {}, image: {}, stages: { build } };
  await writeFile(join(folder, '.fairway/delivery.json'), JSON.stringify(record));
}

test('the record and its evidence are sent with a token that is meant for this portal', async () => {
  await writeDelivery();
  const sent = await report({ folder, portal: `${origin()}/`, environment: environment(), signal });
  expect(sent).toEqual({ id: 'd1', changed: true });
  expect(asked[0]).toMatchObject({
    url: `/token?api-version=2.0&audience=${encodeURIComponent(origin())}`,
    authorization: 'Bearer job',
  });
  expect(asked[1]).toMatchObject({ url: '/api/fairway/deliveries', authorization: 'Bearer run-token' });
  expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({
    record: { id: 'd1', stages: { build: { verdict: 'pass' } } },
    evidence: { [digestOf(Buffer.from('[]'))]: '[]' },
  });
});

test('a job in which no stage has run asks for no token', async () => {
  expect(await report({ folder, portal: origin(), environment: environment(), signal })).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a job without the permission is told which one', async () => {
  await writeDelivery();
  await expect(report({ folder, portal: origin(), environment: {}, signal })).rejects.toThrow('id-token: write');
});

test.each(['http://portal.example.com', 'portal.example.com', ''])('no token goes to "%s"', async portal => {
  await expect(report({ folder, portal, environment: environment(), signal })).rejects.toThrow(
    `The input portal is "${portal}"`,
  );
  expect(asked).toEqual([]);
});
