import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraryTriplet } from '@fairway/platform/cluster/layout';
import { Store } from '@fairway/ledger/store';
import { Pool } from 'pg';
import { asNobody, giveToServer, startPostgres } from '../../postgres/postgres-server.ts';
import type { Running } from './programs.ts';
import { type FleetService, namespace, released } from './services.ts';

const clients = ['web', 'mobile', 'support', 'batch'];
const days = 30;

/**
 * A PostgreSQL with the ledger's own tables, and in them the sums of thirty days that nobody lived: more on weekdays, and more of the first services.
 * @param part the unpacked PostgreSQL of the platform
 */
export async function startLedger(part: string, services: readonly FleetService[]): Promise<Running & { url: string }> {
  // its user sees neither the folders nor the cache of this one
  const own = await mkdtemp(join(tmpdir(), 'fairway-fleet-ledger-'));
  const root = asNobody ? join(own, 'part') : part;
  if (asNobody) await cp(part, root, { recursive: true, verbatimSymlinks: true });
  await giveToServer(own);
  const releases = join(root, 'usr/lib/postgresql');
  const [release = ''] = await readdir(releases);
  const libraries = ['usr/lib', 'lib'].map(path => join(root, path, libraryTriplet()));
  const environment = { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: libraries.join(':') };
  const programs = { release: Number(release), folder: join(releases, release, 'bin'), environment };
  const server = await startPostgres(programs, own, new AbortController().signal);
  const pool = new Pool({ connectionString: server.connection });
  await new Store(pool, days).migrate();
  await pool.query(
    'INSERT INTO ledger.usage_daily SELECT * FROM jsonb_populate_recordset(NULL::ledger.usage_daily, $1::jsonb)',
    [JSON.stringify(services.flatMap(sumsOf))],
  );
  await pool.end();
  return {
    url: server.connection,
    stop: async () => {
      await server.stop();
      await rm(own, { recursive: true, force: true });
    },
  };
}

function sumsOf({ name, team, pods }: FleetService, place: number): readonly object[] {
  return Array.from({ length: days }, (_, back) => {
    const day = new Date(Date.now() - back * 86_400_000);
    const weekend = [0, 6].includes(day.getUTCDay());
    return clients.map((subject, client) => {
      const requests = Math.round((pods * 9000 * (weekend ? 0.4 : 1) * (1 + Math.sin(back / 3) / 5)) / (client + 1));
      return {
        ...{ day: day.toISOString().slice(0, 10), owner: team, namespace, service: name, model: name },
        ...{ version: released, subject, cache: client === 2 ? 'hit' : '' },
        ...{ requests, failed: Math.round(requests * 0.002), counted: requests },
        ...{ prompt_tokens: requests * (400 + 20 * (place % 9)), completion_tokens: requests * 140 },
        ...{ streams: requests, ttft_ms: requests * (180 + 15 * (place % 7)), duration_ms: requests * 3200 },
      };
    });
  }).flat();
}
