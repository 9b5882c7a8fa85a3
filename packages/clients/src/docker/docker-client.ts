import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Docker's client at work. */
export interface DockerClient {
  readonly input: Writable;
  readonly errors: Readable;
  /** Its exit code, once it and its plugins have ended; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the program `docker`, in a process group of its own: clients before 25 pass no signal on to their plugins, which would go on building after
 * the caller's signal.
 */
export function startClient(
  command: readonly string[],
  signal: AbortSignal | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): DockerClient {
  signal?.throwIfAborted();
  const child = spawn('docker', command, { stdio: ['pipe', 'ignore', 'pipe'], env: environment, detached: true });
  const stop = () => endGroup(child);
  signal?.addEventListener('abort', stop, { once: true });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)).finally(
    () => signal?.removeEventListener('abort', stop),
  );
  return { input: child.stdin, errors: child.stderr, ended };
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
