import { randomInt, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { freePort } from '@fairway/clients/docker/free-port';
import { runCommand } from '@fairway/platform/command';
import { postgresPrograms } from '../postgres/postgres-programs.ts';
import type { PostgresPrograms } from '../postgres/postgres-programs.ts';
import { asNobody, giveToServer, initializePostgres, runPostgres } from '../postgres/postgres-server.ts';
import type { PostgresServer } from '../postgres/postgres-server.ts';

jest.setTimeout(10 * 60_000);

const main = join(import.meta.dirname, '../../services/ledger/src/main.ts');
const requests = 10_000;

let folder = '';
let programs: PostgresPrograms;
let server: PostgresServer | undefined;
let ledger: ChildProcess | undefined;
let said = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  const database = join(folder, 'database');
  await mkdir(database);
  await giveToServer(database);
  const signal = new AbortController().signal;
  programs = await postgresPrograms({
    copyTo: asNobody ? join(folder, 'part') : undefined,
    signal,
    progress: () => undefined,
  });
  // the server's user must reach its folder
  await chmod(folder, 0o755);
  await initializePostgres(programs, database, signal);
  server = await startServer();
});

afterAll(async () => {
  await killLedger();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a killed server's processes hold on to goes within a moment. */
async function startServer(): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runPostgres(programs, join(folder, 'database'));
    } catch (error) {
      if (attempt === 20) throw error;
      await pause(250);
    }
  }
}

function startLedger(state: string, more: NodeJS.ProcessEnv = {}): void {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: {
      ...process.env,
      LEDGER_LOGS: join(folder, 'logs'),
      LEDGER_STATE: join(folder, state),
      LEDGER_PORT: '0',
      PGHOST: join(folder, 'database'),
      PGUSER: 'postgres',
      PGDATABASE: 'postgres',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', text => (said = (said + text).slice(-4000)));
  ledger = child;
}

async function killLedger(): Promise<void> {
  if (!ledger || ledger.exitCode !== null || ledger.signalCode !== null) return;
  const ended = new Promise(resolve => ledger!.once('exit', resolve));
  ledger.kill('SIGKILL');
  await ended;
}

async function query<Row>(text: string): Promise<readonly Row[]> {
  const client = new Client({ host: join(folder, 'database'), user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

function runClient(program: string, parameters: readonly string[]): Promise<string> {
  const { folder: bin, environment } = programs;
  return runCommand(join(bin, program), parameters, { environment, signal: new AbortController().signal });
}

async function until(what: string, seconds: number, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await check().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not come in ${seconds} s. The ledger said: ${said}`);
    await pause(250);
  }
}

const rowCount = async () =>
  Number(
    (await query<{ count: string }>('SELECT count(*) FROM ledger.usage').catch(() => [{ count: '-1' }]))[0]!.count,
  );

/** A line as the gateway's Envoy and the node's container runtime write it. */
function accessLine(number: number, at: Date): string {
  const line = {
    cache: null,
    details: 'via_upstream',
    duration_ms: 100 + (number % 50),
    first_token: String(at.getTime() * 1000 + 60_000),
    flags: '-',
    id: randomUUID(),
    method: 'POST',
    path: '/v1/chat/completions',
    request_id: randomUUID(),
    route: [
      {
        kind: 'HTTPRoute',
        name: 'hello-chat',
        namespace: 'default',
        annotations: { service: 'hello', owner: 'team-a' },
      },
    ],
    status: 200,
    subject: `client-${number % 7}`,
    time: at.toISOString().replace('Z', '000Z'),
    model: 'tiny',
    usage: { total_tokens: 3 + (number % 10), prompt_tokens: 3, completion_tokens: number % 10, counted_by: 'usage' },
    version: 'abc',
  };
  return `${at.toISOString().replace('Z', '000000Z')} stdout F ${JSON.stringify(line)}\n`;
}

/** Writes the log of a gateway's pod as the kubelet has it: rotated, and compressed at the next rotation. */
async function writeLog(pod: string, lines: readonly string[], rotateEvery: number, between: number): Promise<void> {
  const inside = join(folder, 'logs', pod, 'envoy');
  await mkdir(inside, { recursive: true });
  const current = join(inside, '0.log');
  let rotated: string | undefined;
  for (let from = 0; from < lines.length; from += 50) {
    if (from > 0 && from % rotateEvery === 0) {
      if (rotated) {
        await writeFile(`${rotated}.tmp`, gzipSync(await readFile(rotated)));
        await rename(`${rotated}.tmp`, `${rotated}.gz`);
        await rm(rotated);
      }
      rotated = `${current}.20261126-${String(100_000 + from / rotateEvery)}`;
      await rename(current, rotated);
    }
    const text = lines.slice(from, from + 50).join('');
    // the end of a line comes later, as a reader may see it
    const cut = text.length - 20;
    await appendFile(current, text.slice(0, cut));
    await pause(between);
    await appendFile(current, text.slice(cut));
  }
}

test(`${requests} of ${requests} requests are stored once, through kills of the ledger and of PostgreSQL, rotation and a full re-read`, async () => {
  const began = Date.now() - requests;
  // two days, so two partitions, without going over midnight at random
  const lines = Array.from({ length: requests }, (_, number) =>
    accessLine(number, new Date(began + number - (number < 1000 ? 86_400_000 : 0))),
  );
  const half = requests / 2;
  let writing = true;
  const written = Promise.all([
    writeLog('envoy-gateway-system_envoy-a_1111', lines.slice(0, half), 1000, 100),
    writeLog('envoy-gateway-system_envoy-b_2222', lines.slice(half), 700, 100),
  ]).finally(() => (writing = false));
  startLedger('state');
  let ledgerKills = 0;
  let databaseKills = 0;
  while (writing) {
    await pause(randomInt(300, 900));
    await killLedger();
    ledgerKills += 1;
    startLedger('state');
    if (ledgerKills % 3 === 0) {
      await server!.kill();
      databaseKills += 1;
      await pause(randomInt(200, 800));
      server = await startServer();
    }
  }
  await written;
  await until(`${requests} rows`, 90, async () => (await rowCount()) >= requests);
  expect(ledgerKills).toBeGreaterThan(5);
  expect(databaseKills).toBeGreaterThan(1);

  const everything = async () => {
    const [rows] = await query<object>(
      `SELECT count(*), count(DISTINCT request_id) AS ids, sum(prompt_tokens) AS prompt, sum(completion_tokens) AS completion,
         min(ttft_ms) AS least, max(ttft_ms) AS most FROM ledger.usage`,
    );
    const [sums] = await query<object>(
      `SELECT sum(requests) AS requests, sum(counted) AS counted, sum(prompt_tokens) AS prompt, sum(completion_tokens) AS completion,
         count(DISTINCT day) AS days, count(DISTINCT subject) AS subjects FROM ledger.usage_daily`,
    );
    return { rows, sums };
  };
  const completion = String(Array.from({ length: requests }, (_, n) => n % 10).reduce((sum, n) => sum + n, 0));
  const stored = {
    rows: {
      count: String(requests),
      ids: String(requests),
      prompt: String(3 * requests),
      completion,
      least: '60',
      most: '60',
    },
    sums: {
      requests: String(requests),
      counted: String(requests),
      prompt: String(3 * requests),
      completion,
      days: '2',
      subjects: '7',
    },
  };
  expect(await everything()).toEqual(stored);

  // another node's disk, so to speak: nothing is known of what was read
  await killLedger();
  said = '';
  startLedger('state-of-nobody');
  const spool = join(folder, 'state-of-nobody/spool');
  const files = (await readdir(join(folder, 'logs'), { recursive: true })).filter(name =>
    name.includes('0.log'),
  ).length;
  await until('the end of the second reading', 90, async () => {
    const positions = JSON.parse(await readFile(join(folder, 'state-of-nobody/positions.json'), 'utf8')) as object;
    return Object.keys(positions).length === files && (await readdir(spool)).length === 0;
  });
  expect(await everything()).toEqual(stored);
});

test('while PostgreSQL is down requests wait on the disk, also those of a gateway that is gone by then', async () => {
  await killLedger();
  const before = await rowCount();
  startLedger('state-later');
  await server!.stop();
  const now = new Date();
  const pod = 'envoy-gateway-system_envoy-c_3333';
  await writeLog(
    pod,
    Array.from({ length: 200 }, (_, number) => accessLine(number, now)),
    1000,
    0,
  );
  await until('the lines to be read', 30, async () =>
    (await readFile(join(folder, 'state-later/positions.json'), 'utf8')).includes(pod),
  );
  await pause(1000);
  // the kubelet removes the log with the pod
  await rm(join(folder, 'logs', pod), { recursive: true });
  await killLedger();
  startLedger('state-later');
  server = await startServer();
  await until('the rows', 60, async () => (await rowCount()) === before + 200);
});

test('the metrics of models have each request once that ended since the start, also when everything is read again', async () => {
  await killLedger();
  const port = await freePort();
  const classes = join(folder, 'tenant-classes.json');
  await writeFile(classes, JSON.stringify({ inside: ['client-0', 'client-1'] }));
  const start = async (state: string) => {
    startLedger(state, { LEDGER_PORT: String(port), LEDGER_TENANT_CLASSES: classes });
    await until('the metrics', 30, async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).ok);
  };
  const counted = async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const of = (name: string, label = '') =>
      text
        .split('\n')
        .filter(line => line.startsWith(`${name}{`) && line.includes(label))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    return {
      requests: of('gen_ai_server_request_duration_seconds_count'),
      inside: of('gen_ai_server_request_duration_seconds_count', 'tenant_class="inside"'),
      input: of('gen_ai_client_inference_usage_input_tokens_total'),
      first: of('gen_ai_server_time_to_first_token_seconds_count', 'service_name="hello"'),
    };
  };
  const before = await rowCount();
  await start('state-of-metrics');
  const now = new Date();
  const lines = Array.from({ length: 70 }, (_, number) => accessLine(number, now));
  await writeLog('envoy-gateway-system_envoy-m_5555', lines, 1000, 0);
  // earlier tests' requests are in the logs too
  const seventy = { requests: 70, inside: 20, input: 210, first: 70 };
  await until('the requests', 60, async () => (await counted()).requests >= 70);
  expect(await counted()).toEqual(seventy);
  await until('the rows', 60, async () => (await rowCount()) === before + 70);

  await killLedger();
  await pause(500);
  await start('state-of-nobody-else');
  await until('everything to be read', 60, async () =>
    (await readFile(join(folder, 'state-of-nobody-else/positions.json'), 'utf8')).includes('envoy-m_5555'),
  );
  expect(await counted()).toEqual({ requests: 0, inside: 0, input: 0, first: 0 });
});

test('a dump brings back what was, and the logs of the nodes what came after it', async () => {
  await killLedger();
  const write = async (pod: string) => {
    const now = new Date();
    const lines = Array.from({ length: 100 }, (_, number) => accessLine(number, now));
    await writeLog(`envoy-gateway-system_envoy-${pod}_4444`, lines, 1000, 0);
  };
  const sums = () =>
    query<object>(
      'SELECT * FROM ledger.usage_daily ORDER BY day, owner, namespace, service, model, version, subject, cache',
    );
  startLedger('state-of-backup');
  await until('the tables', 60, async () => (await rowCount()) >= 0);
  const earlier = await rowCount();
  await write('d');
  await until('the rows before the dump', 60, async () => (await rowCount()) === earlier + 100);
  const dump = join(folder, 'ledger.dump');
  const login = ['--host', join(folder, 'database'), '--username', 'postgres'];
  await runClient('pg_dump', [...login, '--format', 'custom', '--file', dump, 'postgres']);
  await write('e');
  await until('the rows after the dump', 60, async () => (await rowCount()) === earlier + 200);
  const before = await sums();

  // a new volume, in which the ledger has made its empty tables
  await killLedger();
  await query('DROP SCHEMA ledger CASCADE');
  await rm(join(folder, 'logs/envoy-gateway-system_envoy-d_4444'), { recursive: true });
  startLedger('state-of-backup');
  await until('the empty tables', 60, async () => (await rowCount()) === 0);
  const options = ['--dbname', 'postgres', '--clean', '--if-exists', '--single-transaction'];
  await runClient('pg_restore', [...login, ...options, dump]);
  expect(await rowCount()).toBe(earlier + 100);
  await killLedger();
  startLedger('state-after-restore');
  await until('the rows of the logs', 60, async () => (await rowCount()) === earlier + 200);
  expect(await sums()).toEqual(before);
});
