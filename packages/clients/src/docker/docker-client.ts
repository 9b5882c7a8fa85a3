import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Docker's client at work. */
export interface DockerClient {
  /** What it says on standard error. */
  readonly lines: AsyncIterable<string>;
  /** Its exit code, once it and its plugins have ended; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the program `docker`, in a process group of its own: clients before 25 pass no signal on to their plugins, which would go on building after
 * the caller's signal.
 * @param archive its standard input
 */
export function startClient(
  command: readonly string[],
  archive: Readable,
  signal: AbortSignal | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): DockerClient {
  signal?.throwIfAborted();
  const child = spawn('docker', command, { stdio: ['pipe', 'ignore', 'pipe'], env: environment, detached: true });
  const stop = () => endGroup(child);
  signal?.addEventListener('abort', stop, { once: true });
  // a client that ends early closes its input: its exit code says why, not the broken pipe
  const sent = pipeline(archive, child.stdin).catch(() => undefined);
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)).finally(
    async () => {
      signal?.removeEventListener('abort', stop);
      await sent;
    },
  );
  return { lines: createInterface({ input: child.stderr, crlfDelay: Infinity }), ended };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // it has just ended
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
