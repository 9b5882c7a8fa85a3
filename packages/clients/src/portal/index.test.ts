import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceToSend, sendDelivery } from './index.ts';

let server: http.Server;
let baseUrl: string;
let answers: { status: number; body: string }[];
const seen: { url?: string; authorization?: string; body: string }[] = [];

beforeAll(done => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ url: request.url, authorization: request.headers.authorization, body });
      const answer = answers.shift() ?? { status: 200, body: '{"id":"d1","changed":true}' };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    done();
  });
});
afterAll(() => void server.close());
beforeEach(() => {
  answers = [];
  seen.splice(0);
});

const delivery = { token: 'hush', record: { id: 'd1' }, evidence: { 'sha256:1': 'text' } };

test('a delivery is sent, and again when the answer was lost on the way', async () => {
  answers = [{ status: 503, body: 'starting' }];
  expect(await sendDelivery({ ...delivery, baseUrl: `${baseUrl}/` })).toEqual({ id: 'd1', changed: true });
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual({
    url: '/api/fairway/deliveries',
    authorization: 'Bearer hush',
    body: '{"record":{"id":"d1"},"evidence":{"sha256:1":"text"}}',
  });
});

test("a refusal is the portal's own sentence, sent once and without the token", async () => {
  answers = [{ status: 400, body: '{"error":{"name":"InputError","message":"The \\"id\\" is wrong."},"request":{}}' }];
  const error = await sendDelivery({ ...delivery, baseUrl }).catch((caught: Error) => caught);
  expect(String(error)).toBe(
    `ToolError: portal: POST ${baseUrl}/api/fairway/deliveries ended with 400: The "id" is wrong.`,
  );
  expect(seen).toHaveLength(1);
  expect(JSON.stringify(error)).not.toContain('hush');
});

test('an unknown token and a portal that does not run are said with what to do', async () => {
  const closed = http.createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const gone = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  answers = [{ status: 401, body: '{"error":{"message":"Illegal token"}}' }];
  await expect(sendDelivery({ ...delivery, baseUrl })).rejects.toThrow(
    /Illegal token. The portal does not know the token/,
  );
  await expect(sendDelivery({ ...delivery, baseUrl: gone })).rejects.toThrow(
    /ECONNREFUSED.*check that the portal runs/,
  );
});

test('evidence is sent as far as it is here, intact, drawn by the portal and fits', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portal-evidence-'));
  const piece = async (path: string, content: string, mediaType = 'application/json') => {
    await writeFile(join(folder, path), content);
    return { mediaType, path, digest: `sha256:${createHash('sha256').update(content).digest('hex')}` };
  };
  const small = await piece('small', '{}');
  const large = await piece('large', 'x'.repeat(9 * 1024 * 1024));
  const changed = await piece('changed', 'before');
  const sarif = await piece('sarif', 'sarif', 'application/sarif+json');
  const stale = await piece('stale', 'stale');
  await writeFile(join(folder, 'changed'), 'after');
  const away = { ...small, path: 'away', digest: 'sha256:0' };
  const record = {
    stages: { scan: { evidence: [large, small, changed, sarif, away] }, push: { stale: true, evidence: [stale] } },
  };
  expect(await evidenceToSend(folder, record)).toEqual({ [small.digest]: '{}' });
  await rm(folder, { recursive: true });
});
