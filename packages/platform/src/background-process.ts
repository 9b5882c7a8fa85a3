import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '@fairway/clients/tool-error';
import { hasCode } from './has-code.ts';
import { lastLines } from './last-lines.ts';
import { identify, runs } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface BackgroundCommand {
  /** What an error calls it. */
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whatever else decides whether a process that runs is the one that is wanted, such as the content of its files. */
  readonly key: string;
}

interface Started extends ProcessIdentity {
  readonly digest: string;
}

/** Seconds that it gets to end by itself. */
const grace = 15;

/**
 * A process that outlives the command that starts it, known by its folder. It runs outside of the sandboxes, because it
 * starts deliveries, and those must see the processes of the platform.
 */
export class BackgroundProcess {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get log(): string {
    return join(this.folder, 'log');
  }

  async running(): Promise<boolean> {
    const started = await this.#started();
    return started !== undefined && (await runs(started));
  }

  /**
   * Starts it, or leaves it when it runs as wanted; one that runs otherwise is ended first.
   * @returns whether it had to be started
   */
  async start(command: BackgroundCommand): Promise<boolean> {
    const wanted = [command.program, command.arguments, command.directory, command.key];
    const digest = createHash('sha256').update(JSON.stringify(wanted)).digest('hex');
    const before = await this.#started();
    if (before?.digest === digest && (await runs(before))) return false;
    await this.stop();
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // only the last run is of use to anybody
    const log = await open(this.log, 'w', 0o600);
    try {
      const child = spawn(command.program, command.arguments, {
        cwd: command.directory,
        env: command.environment,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      });
      // fails when the program cannot be started
      await once(child, 'spawn');
      child.unref();
      const identity = child.pid === undefined ? undefined : await identify(child.pid);
      if (!identity) throw this.#ended(command.name, await lastLines(this.log));
      await writeFile(join(this.folder, 'process.json'), JSON.stringify({ ...identity, digest } satisfies Started));
    } finally {
      await log.close();
    }
    return true;
  }

  /** @throws ToolError with its last lines when it has ended */
  async requireRunning(name: string): Promise<void> {
    if (!(await this.running())) throw this.#ended(name, await lastLines(this.log));
  }

  /** Ends it with everything in its process group; does nothing when it does not run. */
  async stop(): Promise<void> {
    const started = await this.#started();
    if (!started) return;
    const deadline = Date.now() + grace * 1000;
    let name: NodeJS.Signals | 0 = 'SIGTERM';
    while (await runs(started)) {
      if (Date.now() > deadline) name = 'SIGKILL';
      if (name) signalGroup(started.pid, name);
      name = 0;
      await sleep(50);
    }
    await rm(join(this.folder, 'process.json'), { force: true });
  }

  #ended(name: string, said: string): ToolError {
    return new ToolError(name, `starting ${name}`, 'an early end', said, `Its whole log is ${this.log}.`);
  }

  async #started(): Promise<Started | undefined> {
    try {
      return JSON.parse(await readFile(join(this.folder, 'process.json'), 'utf8')) as Started;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // it ended by itself in this moment
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
