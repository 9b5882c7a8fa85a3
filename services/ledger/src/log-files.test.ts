import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { contentAfter, gatewayLogs } from './log-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-logs-'));
  await mkdir(join(folder, 'gateways_one_uid/envoy'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const line = (second: number) => `2026-11-26T10:00:0${second}.000000001Z stdout F line ${second}\n`;
const inPod = (name: string) => join(folder, 'gateways_one_uid/envoy', name);
const gateways = [{ namespace: 'gateways', container: 'envoy' }];
const names = async () => (await gatewayLogs(folder, gateways)).map(({ path }) => path.split('/').at(-1));

test('rotated files come before the one that is written, and containers that restarted after those before them', async () => {
  for (const [index, name] of ['1.log', '0.log', '0.log.20261126-100001', '0.log.20261126-100000.gz'].entries())
    await writeFile(inPod(name), name.endsWith('.gz') ? gzipSync(line(index)) : line(index));
  await writeFile(inPod('0.log.20261126-095959.tmp'), line(8));
  await mkdir(join(folder, 'others_two_uid/envoy'), { recursive: true });
  await writeFile(join(folder, 'others_two_uid/envoy/0.log'), line(9));
  expect(await names()).toEqual(['0.log.20261126-100000.gz', '0.log.20261126-100001', '0.log', '1.log']);
});

test('a file stays the same file when it is renamed and compressed, and is read on where it was left', async () => {
  await writeFile(inPod('0.log'), line(1) + line(2));
  const [written] = await gatewayLogs(folder, gateways);
  await rename(inPod('0.log'), inPod('0.log.20261126-100000'));
  const [rotated] = await gatewayLogs(folder, gateways);
  await rm(inPod('0.log.20261126-100000'));
  await writeFile(inPod('0.log.20261126-100000.gz'), gzipSync(line(1) + line(2)));
  const [compressed] = await gatewayLogs(folder, gateways);
  expect([rotated?.id, compressed?.id]).toEqual([written?.id, written?.id]);
  const pieces: Buffer[] = [];
  for await (const piece of contentAfter(compressed!, line(1).length, 8)) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe(line(2));
});

test('a file without a line is no file yet', async () => {
  await writeFile(inPod('0.log'), '');
  expect(await names()).toEqual([]);
});

test('of a file that was rotated since the look at the folder nothing is read: its name is that of the next one', async () => {
  await writeFile(inPod('0.log'), line(1) + line(2));
  const [seen] = await gatewayLogs(folder, gateways);
  await rename(inPod('0.log'), inPod('0.log.20261126-100000'));
  await writeFile(inPod('0.log'), line(3) + line(4));
  const pieces: Buffer[] = [];
  for await (const piece of contentAfter(seen!, line(1).length, 64)) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe('');
});
