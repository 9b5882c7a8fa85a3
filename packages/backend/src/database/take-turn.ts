import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseService, LifecycleService } from '@backstage/backend-plugin-api';

type Client = Awaited<ReturnType<DatabaseService['getClient']>>;

/** Milliseconds between two tries. */
const interval = 200;

/**
 * Waits until no other replica starts a plugin, and has the turn until this one has started it. Plugins of Backstage migrate with the lock of
 * knex, for which nobody waits: of two replicas at an empty database one ends, and both may have put a row into the table of the lock, after
 * which no replica ever starts.
 */
export async function takeTurn(
  client: Client,
  plugin: string,
  lifecycle: Pick<LifecycleService, 'addStartupHook'>,
): Promise<void> {
  // SQLite is one replica's alone
  if (client.client.config.client !== 'pg') return;
  // of one connection, so that it ends with a replica that does not come to the end of its start
  const connection: unknown = await client.client.acquireConnection();
  const ask = (lock: string) =>
    client.raw(`select ${lock}(hashtext(?)) as done`, [`start of ${plugin}`]).connection(connection);
  // a query that waits for a lock would be waited for by migrations that make an index concurrently
  while (!(await ask('pg_try_advisory_lock')).rows[0].done) await sleep(interval);
  lifecycle.addStartupHook(async () => {
    await ask('pg_advisory_unlock');
    await client.client.releaseConnection(connection);
  });
}
