import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '@fairway/clients/tool-error';
import { gpuMemoryMiB } from './nvidia-smi.ts';
import { sessionUse } from './process-use.ts';
import type { StartableEngine } from './running-engine.ts';
import { untilGenerates } from './until-generates.ts';

export interface ProcessCommand extends Pick<
  StartableEngine,
  'engine' | 'mode' | 'version' | 'command' | 'from' | 'weights'
> {
  /** The command with this machine's folders and port filled in, where the record and errors name them by placeholders; default: the command. */
  readonly words?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  readonly model: string;
  readonly startupSeconds: number;
  /** GPUs that it uses; 0 for none. */
  readonly gpus: number;
  /** File that gets what it prints. */
  readonly log: string;
}

/** Seconds that an engine gets to end by itself. */
const grace = 15;

/** An engine as a process of this machine, in a session of its own, so that all of its processes are known. */
export function processEngine(given: ProcessCommand): StartableEngine {
  const { engine, mode, version, command, from, weights } = given;
  return { engine, mode, version, command, from, weights, start: signal => start(given, signal) };
}

async function start(given: ProcessCommand, signal: AbortSignal) {
  const [program = '', ...argv] = given.words ?? given.command;
  const what = given.command.join(' ');
  // else it would be that program that is measured
  if (await answersAt(given.port))
    throw new ToolError(
      'engine',
      what,
      undefined,
      `port ${given.port} of this machine, where it would listen, is in use by another program`,
    );
  const freeGpu = given.gpus > 0 ? await gpuMemoryMiB() : 0;
  const log = await open(given.log, 'a');
  const begun = performance.now();
  const child = spawn(program, argv, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, ...given.environment },
  });
  let end: string | undefined;
  child.once('error', (error: NodeJS.ErrnoException) => {
    end = error.code === 'ENOENT' ? `there is no program ${given.command[0]} on this machine` : error.message;
  });
  child.once('exit', (code, by) => (end ??= `it ended with ${code ?? by}`));
  await log.close();
  const session = child.pid;
  if (session === undefined) {
    // the event may have come while the log was closed
    if (end === undefined) await once(child, 'error');
    throw new ToolError('engine', what, undefined, end ?? 'it could not be started.');
  }
  const stop = () => stopSession(session, () => end !== undefined);
  try {
    const url = `http://127.0.0.1:${given.port}`;
    const trouble = await untilGenerates(url, given.model, {
      seconds: given.startupSeconds,
      ended: () => end,
      signal,
    });
    if (trouble !== undefined)
      throw new ToolError('engine', what, undefined, `${trouble}\n${await lastLines(given.log)}`);
    return {
      url,
      model: given.model,
      startSeconds: (performance.now() - begun) / 1000,
      async use() {
        if (given.gpus > 0) {
          const busySeconds = (given.gpus * (performance.now() - begun)) / 1000;
          return { busySeconds, memoryGiB: Math.max(0, (await gpuMemoryMiB()) - freeGpu) / 1024 };
        }
        return sessionUse(session);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether anything listens at a port. */
async function answersAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function stopSession(session: number, ended: () => boolean): Promise<void> {
  signalGroup(session, 'SIGTERM');
  for (let waited = 0; waited < grace * 10 && !ended(); waited++) await sleep(100);
  // children that were left behind end with their group
  signalGroup(session, 'SIGKILL');
  while (!ended()) await sleep(50);
  // memory of a GPU comes back a little after the process is gone
  await sleep(1000);
}

function signalGroup(session: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-session, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function lastLines(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-30).join('\n');
}
