/**
 * The ledger: reads the access log of the gateways of its node and stores who used which model into PostgreSQL. A pod on each node that runs
 * a gateway; they share the database.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { collect } from './collect.ts';
import { configuration } from './configuration.ts';
import { deliverOldest } from './deliver.ts';
import { GenAiMetrics } from './gen-ai-metrics.ts';
import { serveHealth } from './health.ts';
import type { Health } from './health.ts';
import { Spool } from './spool.ts';
import { Store } from './store.ts';
import { readTenantClasses } from './tenant-classes.ts';

const every = 500;
const longestPause = 5000;
const hour = 3_600_000;

const settings = configuration(process.env);
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());

const spool = await Spool.open(join(settings.state, 'spool'));
const pool = new Pool({
  max: 2,
  connectionTimeoutMillis: 5000,
  statement_timeout: 60_000,
  application_name: 'fairway-ledger',
});
const store = new Store(pool, settings.retentionDays);
const health: Health = {
  read: 0,
  unreadable: 0,
  added: 0,
  known: 0,
  rejected: 0,
  collectedAt: Date.now(),
  database: false,
};
const classes = settings.tenantClasses;
const metrics = new GenAiMetrics({
  classes: classes === undefined ? {} : readTenantClasses(await readFile(classes, 'utf8'), classes),
  since: new Date(),
});
const server = serveHealth(health, () => spool.bytes, metrics, settings.port);
// a lost connection is found at the next query
pool.on('error', error => log('the database closed a connection', { error: error.message }));

/** Lines of this program; never one of the gateway's as it is, which names people. */
function log(message: string, more: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), message, ...more })}\n`);
}

/** Again and again until the end; after an error later each time. What went wrong is said once, until it goes well again. */
async function repeat(what: string, action: () => Promise<unknown>): Promise<void> {
  let failures = 0;
  let said = '';
  while (!stop.signal.aborted) {
    try {
      const more = await action();
      if (failures > 0) log(`${what}: goes on`, { failures });
      failures = 0;
      said = '';
      if (more) continue;
    } catch (error) {
      failures += 1;
      const text = (error as Error).message || String((error as NodeJS.ErrnoException).code);
      if (text !== said) log(`${what}: failed, trying again`, { error: text });
      said = text;
    }
    const time = failures === 0 ? every : Math.min(every * 2 ** failures, longestPause);
    await pause(time, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

const collecting = repeat('logs', async () => {
  await collect({
    logs: settings.logs,
    gateways: [
      { namespace: settings.namespace, container: 'envoy' },
      { namespace: settings.istioNamespace, container: 'istio-proxy' },
    ],
    positionsFile: join(settings.state, 'positions.json'),
    spool,
    spoolLimit: settings.spoolLimit,
    read(rows, unreadable) {
      health.read += rows.length;
      metrics.count(rows);
      health.unreadable += unreadable.length;
      if (unreadable.length > 0) log('lines of the gateway that are no access log', { lines: unreadable.length });
    },
    damaged(path, error) {
      log('a compressed log is damaged; it was read as far as it goes', { file: path, error: error.message });
    },
  });
  health.collectedAt = Date.now();
});

let migrated = false;
let cleanedAt = 0;
const delivering = repeat('database', async () => {
  health.database = false;
  if (!migrated) await store.migrate();
  migrated = true;
  if (Date.now() - cleanedAt > hour) {
    const removed = await store.removeOldDays();
    if (removed.length > 0) log('days older than the retention removed', { removed });
    cleanedAt = Date.now();
  }
  const delivered = await deliverOldest(spool, store);
  health.database = true;
  if (delivered?.outcome === 'stored') {
    health.added += delivered.added;
    health.known += delivered.known;
  } else if (delivered) {
    health.rejected += 1;
    log('the database rejects rows; they are set aside', { file: delivered.path, error: delivered.error.message });
  }
  return delivered;
});

await Promise.all([collecting, delivering]);
await pool.end();
server.close();
