import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { GenAiMetrics } from './gen-ai-metrics.ts';

/** What the ledger knows of itself. */
export interface Health {
  read: number;
  unreadable: number;
  added: number;
  known: number;
  rejected: number;
  /** Milliseconds since 1970 of the last look at the logs that came to its end. */
  collectedAt: number;
  /** Whether the last attempt at the database went well. */
  database: boolean;
}

const late = 60_000;

/** `/metrics` for Prometheus; `/healthz` fails when logs have not been read for a minute. A database that is down is no reason to restart. */
export function serveHealth(health: Health, spoolBytes: () => number, used: GenAiMetrics, port: number): Server {
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      void used.text().then(text => response.end(`${metrics(health, spoolBytes())}${text}`));
      return;
    }
    const age = Date.now() - health.collectedAt;
    response.statusCode = request.url === '/healthz' ? (age < late ? 200 : 503) : 404;
    response.end(age < late ? 'ok\n' : `the logs were last read ${Math.round(age / 1000)} s ago\n`);
  });
  return server.listen(port);
}

function metrics(health: Health, spoolBytes: number): string {
  return [
    ['counter', 'fairway_ledger_rows_read_total', 'Requests read from the logs of the gateway.', health.read],
    [
      'counter',
      'fairway_ledger_lines_unreadable_total',
      'Lines that are no access log of the gateway.',
      health.unreadable,
    ],
    ['counter', 'fairway_ledger_rows_added_total', 'Rows added to the database.', health.added],
    ['counter', 'fairway_ledger_rows_known_total', 'Rows that the database had, or that are too old.', health.known],
    ['counter', 'fairway_ledger_files_rejected_total', 'Files that the database does not take.', health.rejected],
    ['gauge', 'fairway_ledger_spool_bytes', 'What waits for the database.', spoolBytes],
    [
      'gauge',
      'fairway_ledger_database_up',
      'Whether the last attempt at the database went well.',
      Number(health.database),
    ],
  ]
    .map(([kind, name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${name} ${value}\n`)
    .join('');
}
