import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fairway/clients/docker/free-port';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { machineParts } from '@fairway/platform/machine-parts';
import { Sandbox, sandboxName } from '@fairway/platform/sandbox';
import type { SandboxConfig } from '@fairway/platform/sandbox';
import { traces } from './traces.ts';

const signal = new AbortController().signal;
const node = process.execPath;
let folder: string;
let program: string;
let sandbox: Sandbox;

beforeAll(async () => {
  const parts = await ensureParts(
    machineParts.filter(({ name }) => name === 'sandbox'),
    { folder: join(platformFolders().cache, 'parts'), signal, progress: () => undefined },
  );
  program = join(parts.get('sandbox') ?? '', 'sandbox');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-sandbox-'));
  sandbox = new Sandbox(folder);
});
afterEach(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

const greeter = `
require('node:http').createServer(async (request, response) => {
  if (request.url === '/crash') process.exit(7);
  const outside = await fetch('http://127.0.0.1:18001').then(answer => answer.text(), error => error.message);
  response.end(JSON.stringify({ outside, pid: process.pid, hostname: require('node:os').hostname(), home: __filename }));
}).listen(18000, '127.0.0.1')`;

function config(port: number, outside: number): SandboxConfig {
  return {
    name: sandboxName('test', folder),
    state: folder,
    network: { hostname: 'inside', bridge: 'test0', address: '10.98.0.1/24' },
    hide: { '/run': join(folder, 'log') },
    keep: [folder],
    processes: [{ name: 'greeter', command: [node, '-e', greeter, folder], grace: 2 }],
    forwards: [
      { inbound: true, listen: `127.0.0.1:${port}`, dial: '127.0.0.1:18000' },
      { inbound: false, listen: '127.0.0.1:18001', dial: `127.0.0.1:${outside}` },
    ],
  };
}

async function answer(port: number): Promise<Record<string, unknown>> {
  for (let attempt = 0; ; attempt++)
    try {
      return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, unknown>;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(50);
    }
}

test('its processes are reached and reach out only by the forwards, and nothing is left of it', async () => {
  const before = await traces(folder);
  const host = createServer((_, response) => response.end('from the host'));
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  const port = await freePort();
  try {
    const wanted = config(port, (host.address() as AddressInfo).port);
    const prepare = jest.fn(async () => undefined);
    await expect(sandbox.start(program, wanted, signal, prepare)).resolves.toBe(true);
    const first = await answer(port);
    expect(first).toMatchObject({ outside: 'from the host', hostname: 'inside' });
    expect(Number(first['pid'])).toBeLessThan(100);

    const during = await traces(folder);
    expect(during.mounts).toEqual(before.mounts);
    expect(during.interfaces).toEqual(before.interfaces);
    await expect(sandbox.run(['cat', '/proc/sys/kernel/hostname'])).resolves.toBe('inside\n');

    await expect(sandbox.start(program, wanted, signal, prepare)).resolves.toBe(false);
    expect(prepare).toHaveBeenCalledTimes(1);

    await fetch(`http://127.0.0.1:${port}/crash`).catch(() => undefined);
    expect((await answer(port))['pid']).not.toBe(first['pid']);

    await sandbox.stop();
    await expect(sandbox.running()).resolves.toBe(false);
    await expect(traces(folder)).resolves.toEqual(before);
  } finally {
    host.close();
  }
}, 60_000);

test('a killed keeper takes everything along, and stopping cleans up after it', async () => {
  const before = await traces(folder);
  const port = await freePort();
  await sandbox.start(program, config(port, await freePort()), signal, async () => undefined);
  await answer(port);
  const { pid } = JSON.parse(await readFile(join(folder, 'process.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  for (let attempt = 0; (await traces(folder)).processes.length > 0 && attempt < 100; attempt++) await sleep(50);
  await sandbox.stop();
  await expect(traces(folder)).resolves.toEqual(before);
}, 60_000);

test('a port in use is said, and nothing is left', async () => {
  const before = await traces(folder);
  const host = createServer();
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  try {
    const { port } = host.address() as AddressInfo;
    const start = sandbox.start(program, config(port, await freePort()), signal, async () => undefined);
    await expect(start).rejects.toThrow('address already in use');
    await expect(traces(folder)).resolves.toEqual(before);
  } finally {
    host.close();
  }
}, 60_000);
