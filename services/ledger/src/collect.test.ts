import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { collect } from './collect.ts';
import type { Collector } from './collect.ts';
import { Spool } from './spool.ts';

let folder = '';
let found: string[];
let damaged: string[];
let collector: Collector;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-collect-'));
  await mkdir(join(folder, 'logs/gateways_one_uid/envoy'), { recursive: true });
  found = [];
  damaged = [];
  collector = {
    logs: join(folder, 'logs'),
    gateways: [{ namespace: 'gateways', container: 'envoy' }],
    positionsFile: join(folder, 'positions.json'),
    spool: await Spool.open(join(folder, 'spool')),
    spoolLimit: 2 ** 30,
    read: rows => void found.push(...rows.map(({ request_id }) => request_id)),
    damaged: path => void damaged.push(path.split('/').at(-1)!),
  };
});
afterEach(async () => {
  // ends the file that is being written
  await collector.spool.oldest();
  await rm(folder, { recursive: true });
});

const inPod = (name: string) => join(folder, 'logs/gateways_one_uid/envoy', name);

/** A line of the gateway, as the kubelet stores it. */
function line(request: string, more: object = {}): string {
  const time = new Date().toISOString().replace('Z', '000Z');
  const route = [{ namespace: 'llm', name: 'hello-chat', annotations: { service: 'hello', owner: 'team-a' } }];
  const said = { id: randomUUID(), time, status: 200, subject: 'app', request_id: request, route, ...more };
  return `${time.replace('Z', '000Z')} stdout F ${JSON.stringify(said)}\n`;
}

// bytes that cannot be compressed, so that a cut through the file is a cut through the lines
const lines = (count: number) =>
  Array.from({ length: count }, (_, number) => line(`r${number}`, { details: randomBytes(1000).toString('base64') }));

test('a damaged compressed file costs what is behind the damage, and no other file', async () => {
  const packed = gzipSync(lines(500).join(''));
  // as a power cut leaves them: a part, nothing, and blocks that were never written
  await writeFile(inPod('0.log.20261126-100000.gz'), packed.subarray(0, packed.length / 2));
  await writeFile(inPod('0.log.20261126-100001.gz'), '');
  await writeFile(inPod('0.log.20261126-100002.gz'), Buffer.alloc(5000));
  await writeFile(inPod('0.log'), line('last'));
  await collect(collector);
  expect(found).toEqual(expect.arrayContaining(['r0', 'r100', 'last']));
  expect(found).not.toContain('r499');
  const bad = ['0.log.20261126-100000.gz', '0.log.20261126-100001.gz', '0.log.20261126-100002.gz'];
  expect(damaged).toEqual(bad);
  await collect(collector);
  expect(damaged).toEqual(bad);
});

test('a compressed file is unpacked once', async () => {
  const path = inPod('0.log.20261126-100000.gz');
  await writeFile(path, gzipSync(lines(200).join('')));
  await collect(collector);
  expect(found).toHaveLength(200);
  // another content, which nobody can see from outside
  const { atime, mtime, size } = await stat(path);
  await writeFile(path, Buffer.alloc(size));
  await utimes(path, atime, mtime);
  await collect(collector);
  expect(damaged).toEqual([]);
});
