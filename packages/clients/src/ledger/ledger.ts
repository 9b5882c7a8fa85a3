import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { DatabaseError, Pool } from 'pg';
import { ToolError } from '../tool-error.ts';
import { usageOf, usageStatement } from './usage.ts';
import type { Usage, UsageQuestion } from './usage.ts';

/** Where the ledger's PostgreSQL is: a connection string, or what it would say. `host` may be the folder of a socket. */
export type LedgerDatabase =
  | { readonly url: string }
  | { readonly host: string; readonly user: string; readonly database: string; readonly password: string };

/** One request as the ledger has it. */
export interface RequestUsage {
  readonly requestId: string;
  readonly at: Date;
  readonly subject: string;
  /** namespace/name */
  readonly service: string;
  readonly version: string | undefined;
  readonly model: string | undefined;
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  readonly ttftMilliseconds: number | undefined;
  readonly durationMilliseconds: number;
  readonly status: number;
  readonly cache: string | undefined;
}

export interface Ledger {
  /** Empty when nothing was used in that time. @throws ToolError when the database does not answer or has no ledger yet */
  usage(question: UsageQuestion): Promise<readonly Usage[]>;
  /** First and last day of which there is usage; undefined when there is none at all. */
  days(): Promise<{ readonly first: string; readonly last: string } | undefined>;
  /** The rows of a request id; several if a client chose it. */
  request(id: string): Promise<readonly RequestUsage[]>;
  close(): Promise<void>;
}

const advice: Readonly<Record<string, Reason>> = {
  ENOENT: reasonOf('ledger.off'),
  ECONNREFUSED: reasonOf('ledger.silent'),
  ENOTFOUND: reasonOf('ledger.noHost'),
  '28P01': reasonOf('ledger.password'),
  '57P03': reasonOf('ledger.starting'),
  // the schema, the table
  '3F000': reasonOf('ledger.none'),
  '42P01': reasonOf('ledger.none'),
};

/** Reads what the ledger stored. Connections are opened when they are needed. */
export function openLedger(database: LedgerDatabase, signal?: AbortSignal): Ledger {
  const connection = 'url' in database ? { connectionString: database.url } : database;
  const pool = new Pool({
    ...connection,
    max: 2,
    connectionTimeoutMillis: 5000,
    statement_timeout: 30_000,
    // sums of thousands of services find room in memory, and are not sorted on disk
    options: '-c default_transaction_read_only=on -c work_mem=32MB',
    application_name: 'fairway',
  });
  // the next query says it
  pool.on('error', () => undefined);
  const place =
    'url' in database
      ? database.url
      : reasonOf('ledger.database', { database: database.database, host: database.host });
  const request = reasonOf('ledger.reading', { place });
  const query = async <Row extends object>(text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    signal?.throwIfAborted();
    try {
      return (await pool.query<Row>(text, [...values])).rows;
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      const known = error instanceof DatabaseError || code !== undefined || /timeout|terminated/i.test(message);
      if (!known) throw error;
      throw new ToolError('postgres', request, code, message, advice[code ?? '']);
    }
  };
  return {
    async usage(question) {
      const { text, values } = usageStatement(question);
      const rows = await query<Record<string, unknown>>(text, values);
      return rows.map(row => usageOf(row, question.by));
    },
    async days() {
      const [row] = await query<{ first: string | null; last: string }>(
        'SELECT min(day)::text AS first, max(day)::text AS last FROM ledger.usage_daily',
        [],
      );
      return row?.first ? { first: row.first, last: row.last } : undefined;
    },
    async request(id) {
      return (await query<StoredRequest>('SELECT * FROM ledger.usage WHERE request_id = $1 ORDER BY at', [id])).map(
        requestOf,
      );
    },
    close: () => pool.end(),
  };
}

interface StoredRequest {
  readonly request_id: string;
  readonly at: Date;
  readonly subject: string;
  readonly namespace: string;
  readonly service: string;
  readonly version: string | null;
  readonly model: string | null;
  // pg gives 64-bit integers as text
  readonly prompt_tokens: string | null;
  readonly completion_tokens: string | null;
  readonly ttft_ms: string | null;
  readonly duration_ms: string;
  readonly status: number;
  readonly cache: string | null;
}

function requestOf(row: StoredRequest): RequestUsage {
  const count = (value: string | null) => (value === null ? undefined : Number(value));
  return {
    requestId: row.request_id,
    at: row.at,
    subject: row.subject,
    service: `${row.namespace}/${row.service}`,
    version: row.version ?? undefined,
    model: row.model ?? undefined,
    promptTokens: count(row.prompt_tokens),
    completionTokens: count(row.completion_tokens),
    ttftMilliseconds: count(row.ttft_ms),
    durationMilliseconds: Number(row.duration_ms),
    status: row.status,
    cache: row.cache ?? undefined,
  };
}
