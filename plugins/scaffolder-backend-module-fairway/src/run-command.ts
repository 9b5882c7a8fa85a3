import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NotFoundError } from '@backstage/errors';
import { systemErrorCode } from '@fairway/service';

export interface CommandToRun {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Every line of standard error as it comes. */
  readonly onLine: (line: string) => void;
}

export interface CommandEnd {
  /** Exit status, or the name of the signal that ended it. */
  readonly status: number | string;
  readonly output: string;
  /** The last lines of standard error. */
  readonly lastLines: readonly string[];
}

const keptLines = 15;
/** A stage that was told to end cleans up first. */
const graceMilliseconds = 60_000;

/** Runs a program without a shell. When the signal aborts it is told to end, with everything it started, and then made to. */
export async function runCommand(command: CommandToRun): Promise<CommandEnd> {
  command.signal.throwIfAborted();
  // how Node runs the portal is not how it runs the command
  const environment = { ...process.env };
  delete environment['NODE_ENV'];
  delete environment['NODE_OPTIONS'];
  // a group of its own, so that cancelling ends what it started too
  const child = spawn(command.program, command.arguments, {
    cwd: command.directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(child, 'SIGTERM');
    kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMilliseconds);
  };
  command.signal.addEventListener('abort', end, { once: true });
  const output: Buffer[] = [];
  const lastLines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  createInterface({ input: child.stderr }).on('line', line => {
    if (line.trim() === '') return;
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    command.onLine(line);
  });
  try {
    const status = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    return { status, output: Buffer.concat(output).toString(), lastLines };
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    throw new NotFoundError(
      `${command.program} could not be started in ${command.directory}: one of the two is not there. Install it, or correct fairway.deliver in the configuration of the portal.`,
      error as Error,
    );
  } finally {
    command.signal.removeEventListener('abort', end);
    clearTimeout(kill);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // it ended by itself in this moment
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
