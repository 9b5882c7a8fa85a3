import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal } from '@fairway/stage/terminal';
import { givenReleases, postgresVariable } from '../../plugins/fairway-backend/src/testing/postgres-variable.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { asNobody, giveToServer, startPostgres } from './postgres-server.ts';

/**
 * Runs `body` with a PostgreSQL of its own, which ends and goes with its data afterwards, also after Ctrl-C. One that the
 * environment names already is used instead.
 * @param body gets the variable with its connection string, and a signal that is aborted when the tests are interrupted
 */
export async function withPostgres(
  body: (environment: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  if (givenReleases(process.env).length > 0) return body({}, signal);
  let interrupted: NodeJS.Signals | undefined;
  const interrupt = (name: NodeJS.Signals) => {
    interrupted = name;
    abort.abort(new Error(`The tests were ended by ${name}.`));
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, interrupt);
  try {
    await withServer(body, signal);
  } finally {
    for (const name of names) process.off(name, interrupt);
    // only now it may end as it would have without us
    if (interrupted) process.kill(process.pid, interrupted);
  }
}

async function withServer(body: Parameters<typeof withPostgres>[0], signal: AbortSignal): Promise<void> {
  const { progress } = openTerminal(process.stderr).log('platform');
  const folder = await mkdtemp(join(tmpdir(), 'fairway-postgres-'));
  try {
    await giveToServer(folder);
    const copyTo = asNobody ? join(folder, 'part') : undefined;
    const programs = await postgresPrograms({ copyTo, signal, progress });
    const server = await startPostgres(programs, folder, signal);
    try {
      signal.throwIfAborted();
      await body({ [postgresVariable(programs.release)]: server.connection }, signal);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
