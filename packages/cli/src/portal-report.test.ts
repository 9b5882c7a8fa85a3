import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortalReport } from './portal-report.ts';

let folder: string;
let server: http.Server;
let url: string;
const received: { authorization?: string; verdicts: string[] }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portal-report-'));
  await mkdir(join(folder, '.fairway'));
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { record } = JSON.parse(body) as { record: { stages: Record<string, { verdict: string }> } };
      const verdicts = Object.entries(record.stages).map(([stage, { verdict }]) => `${stage} ${verdict}`);
      received.push({ authorization: request.headers.authorization, verdicts });
      response.end('{"id":"d1","changed":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => void received.splice(0));

async function write(...stages: string[]) {
  const entry = { verdict: 'pass', reason: 'ok', key: '', startedAt: '', finishedAt: '', outputs: {}, evidence: [] };
  const record = {
    ...{ schemaVersion: 1, id: 'd1', service: { name: 'hello' }, source: {}, image: {} },
    stages: Object.fromEntries(stages.map(stage => [stage, entry])),
  };
  await writeFile(join(folder, '.fairway/delivery.json'), JSON.stringify(record));
}

const report = (warn: (message: string) => void = fail) => new PortalReport({ url, token: 'hush' }, folder, warn);

function fail(message: string): void {
  throw new Error(message);
}

test('the portal is told while a delivery runs, and of its end', async () => {
  const told = report();
  await write('prepare');
  told.update();
  while (received.length < 1) await new Promise(resolve => setTimeout(resolve, 5));
  await write('prepare', 'build');
  // what comes together goes together
  told.update();
  told.update();
  await told.end();
  expect(received.map(({ verdicts }) => verdicts)).toEqual([['prepare pass'], ['prepare pass', 'build pass']]);
  expect(received[0]?.authorization).toBe('Bearer hush');
});

test('nothing is told before the first stage has ended', async () => {
  await write();
  await report().end();
  expect(received).toEqual([]);
});

test('a portal that does not answer is a warning', async () => {
  await write('prepare');
  const warnings: string[] = [];
  await new PortalReport({ url: 'http://127.0.0.1:1', token: 'hush' }, folder, message => warnings.push(message)).end();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^The portal was not told of this delivery.*127\.0\.0\.1:1/);
  expect(warnings[0]).not.toContain('hush');
}, 30_000);
