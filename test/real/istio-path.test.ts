import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { libraryTriplet } from '@fairway/platform/cluster/layout';
import { bringParts } from '../bring-parts.ts';
import { tinyService } from '../fixtures/service.ts';
import { startIstioPath } from '../istio-path.ts';
import type { IstioPath, Programs } from '../istio-path.ts';

jest.setTimeout(10 * 60_000);

// What Envoy, Redis, the rate limit service and the cache make of a service at Istio's gateway, without a cluster.

let folder: string;
let programs: Programs;
let path: IstioPath;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'istio-path-'));
  const parts = await bringParts(['envoy', 'redis', 'ratelimit']);
  const envoy = join(folder, 'envoy');
  await copyFile(join(parts.get('envoy')!, 'envoy/_bin/envoy'), envoy);
  await chmod(envoy, 0o755);
  const redis = parts.get('redis')!;
  programs = {
    envoy,
    redis: { path: join(redis, 'usr/bin/redis-server'), libraries: join(redis, 'usr/lib', libraryTriplet()) },
    rateLimit: join(parts.get('ratelimit')!, 'ratelimit'),
  };
});

afterEach(() => path?.stop());
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = async (access: object) =>
  (path = await startIstioPath(
    tinyService({ namespace: 'llm', cache: {}, access: { tokensPerDay: 10_000, ...access } }),
    ['0a', '0b'],
    programs,
    folder,
  ));

const prompt = (content: string, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more });
const fixed = (content: string) => prompt(content, { temperature: 0 });

test('the second of two equal deterministic requests is answered by the cache, for the same client and the same version alone', async () => {
  const { ask, share } = await start({});
  const answeredBy = async (subject: string, content: string) => {
    const { headers } = await ask(subject, fixed(content));
    // the answer is stored after it was given
    await pause(200);
    return `${headers.get('x-fairway-cache')} ${headers.get('x-fairway-revision')}`;
  };
  expect([await answeredBy('app', 'one'), await answeredBy('app', 'one')]).toEqual(['miss 0a', 'hit 0a']);
  expect(await answeredBy('other', 'one')).toBe('miss 0a');
  expect((await ask('app', prompt('one'))).headers.get('x-fairway-cache')).toBeNull();

  // while users are divided each gets an answer of the version that Envoy chose
  await share({ '0a': 50, '0b': 50 });
  const seen = new Set<string>();
  for (let asked = 0; asked < 20; asked += 1) seen.add(await answeredBy('app', 'one'));
  expect([...seen].sort()).toEqual(['hit 0a', 'hit 0b', 'miss 0b']);
  for (const headers of path.reached)
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^x-fairway-(route|sampling|backend)/)]),
    );
});

test('tokens are counted when an answer has ended, for each client by itself, and used up they are 429', async () => {
  const { ask } = await start({ tokensPerDay: 1000 });
  const left = async (subject: string) =>
    Number((await ask(subject, prompt('left'))).headers.get('x-ratelimit-remaining'));
  const before = await left('app');
  await pause(100);
  // each answer takes ten tokens
  expect(before - (await left('app'))).toBe(10);
  expect(await left('other')).toBe(1000);
  let last = await ask('app', prompt('all'));
  for (let asked = 0; asked < 300 && last.status === 200; asked += 1) last = await ask('app', prompt('all'));
  expect(last.status).toBe(429);
  expect(Number(last.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
  expect((await ask('other', prompt('still'))).status).toBe(200);
});

test.each([
  ['passes', 'allow', 200],
  ['is denied', 'deny', 503],
])('without Redis a request %s where the service says %s, and is counted again with it', async (_, policy, status) => {
  const { ask, stopRedis, startRedis } = await start({ limitsUnavailable: policy });
  await stopRedis();
  expect((await ask('app', prompt('down'))).status).toBe(status);
  startRedis();
  const counted = async () => (await ask('app', prompt('back'))).headers.get('x-ratelimit-remaining') !== null;
  const end = Date.now() + 30_000;
  while (!(await counted())) {
    if (Date.now() > end) throw new Error(`Nothing is counted. The programs said: ${path.said()}`);
    await pause(500);
  }
});
