import { spawn } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ToolError } from '@fairway/clients/tool-error';
import { runCommand } from '@fairway/platform/command';
import type { PostgresPrograms } from './postgres-programs.ts';

/** `nobody`, which every Debian has: PostgreSQL refuses to run as root. */
const nobody = 65_534;
const keptLines = 15;
const grace = 10_000;

/** Whether the server must run as another user than this process. */
export const asNobody = process.getuid?.() === 0;

export interface PostgresServer {
  readonly connection: string;
  stop(): Promise<void>;
  /** SIGKILL, as a machine's death would look to its clients. */
  kill(): Promise<void>;
}

/** Gives a new folder to the user as whom the server will run. */
export async function giveToServer(folder: string): Promise<void> {
  if (asNobody) await chown(folder, nobody, nobody);
}

/**
 * An empty PostgreSQL that keeps its data in `folder` and is reached only through a socket there, so by nobody else.
 * It ends with this process, however that ends.
 * @param folder owned by the server's user and closed to others
 */
export async function startPostgres(
  programs: PostgresPrograms,
  folder: string,
  signal: AbortSignal,
): Promise<PostgresServer> {
  await initializePostgres(programs, folder, signal);
  return runPostgres(programs, folder, {
    // what is lost with the machine is of no use to anybody
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
  });
}

const user = asNobody ? [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];

/** Makes the empty database `data` in `folder`, which the server's user owns. */
export async function initializePostgres(
  { folder: bin, environment }: PostgresPrograms,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const data = join(folder, 'data');
  const initialize = [
    '--pgdata',
    data,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  await runCommand('setpriv', [...user, join(bin, 'initdb'), ...initialize], { cwd: folder, environment, signal });
}

/** Runs a server over the data that an earlier one left or initializePostgres made. */
export async function runPostgres(
  { folder: bin, environment }: PostgresPrograms,
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const data = join(folder, 'data');
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    // every worker of jest holds connections to several databases
    max_connections: '300',
    ...more,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [...user, '--pdeathsig=INT', join(bin, 'postgres'), '-D', data, ...flags];
  const child = spawn('setpriv', command, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C is for this process, which ends the server when nobody uses it any more
    detached: true,
  });
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const last: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, name) =>
      reject(new ToolError('postgres', `postgres -D ${data}`, code ?? name ?? undefined, last.join('\n'))),
    );
    createInterface({ input: child.stderr }).on('line', line => {
      last.push(line);
      if (last.length > keptLines) last.shift();
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
  return {
    connection: `postgres://postgres@${encodeURIComponent(folder)}/postgres`,
    async stop() {
      // fast shutdown: clients are sent away
      child.kill('SIGINT');
      const late = setTimeout(() => child.kill('SIGKILL'), grace);
      await ended;
      clearTimeout(late);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
