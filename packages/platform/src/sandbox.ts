import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '@fairway/clients/tool-error';
import { runCommand } from './command.ts';
import { lastLines } from './last-lines.ts';
import { identify, runs } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { hasCode } from './has-code.ts';

/** What the program parts/sandbox reads; its config.go says what each field means. */
export interface SandboxConfig {
  readonly name: string;
  readonly state: string;
  readonly network?: { readonly hostname: string; readonly bridge: string; readonly address: string };
  readonly hide?: Readonly<Record<string, string>>;
  readonly merge?: Readonly<Record<string, string>>;
  readonly keep?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly certificates?: SandboxCertificates;
  readonly processes: readonly SandboxProcess[];
  readonly forwards?: readonly SandboxForward[];
}

export interface SandboxCertificates {
  readonly folder: string;
  readonly node: string;
  readonly address: string;
  readonly addresses: readonly string[];
  readonly server: string;
  readonly serverOutside: string;
  readonly context: string;
}

export interface SandboxProcess {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** https URL that must answer 200 before this one starts. */
  readonly after?: string;
  /** Seconds it gets to end by itself; without, it is killed. */
  readonly grace?: number;
}

export interface SandboxForward {
  /** From the host inwards; otherwise from inside to the host. */
  readonly inbound: boolean;
  readonly listen: string;
  readonly dial: string;
}

/** Name for a sandbox in this folder: platforms with different folders run side by side without sharing cgroups. */
export function sandboxName(kind: string, folder: string): string {
  return `${kind}-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
}

/** A sandbox as it was started. */
interface Started extends ProcessIdentity {
  readonly program: string;
  readonly configDigest: string;
}

const startSeconds = 20;
const stopSeconds = 30;

/** A sandbox by its folder: whoever has the folder can start, enter and stop it. */
export class Sandbox {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get log(): string {
    return join(this.folder, 'log', 'sandbox.log');
  }

  /** Whether the processes run now; a sandbox whose keeper was killed does not. */
  async running(): Promise<boolean> {
    const started = await this.started();
    return started !== undefined && (await runs(started));
  }

  /** The host's id of the first process inside; undefined when the sandbox does not run. */
  async firstProcess(): Promise<number | undefined> {
    if (!(await this.running())) return undefined;
    return Number(await readFile(join(this.folder, 'init.pid'), 'utf8'));
  }

  /**
   * Starts the sandbox, or leaves it when it runs with the same configuration.
   * @param prepare called just before it is started, when nothing of it runs
   * @returns whether it had to be started
   */
  async start(
    program: string,
    config: SandboxConfig,
    signal: AbortSignal,
    prepare: () => Promise<void>,
  ): Promise<boolean> {
    const content = JSON.stringify(config, undefined, 1);
    const configDigest = createHash('sha256').update(content).digest('hex');
    const before = await this.started();
    if (before && before.configDigest === configDigest && before.program === program && (await runs(before)))
      return false;
    await this.stop();
    await mkdir(join(this.folder, 'log'), { recursive: true, mode: 0o700 });
    await prepare();
    const configFile = join(this.folder, 'sandbox.json');
    await writeFile(configFile, content, { mode: 0o600 });
    const log = await open(this.log, 'a', 0o600);
    try {
      const { size } = await log.stat();
      const child = spawn(program, ['run', configFile], {
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' },
      });
      const exited = new Promise<number | string>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code, name) => resolve(code ?? name ?? 'unknown'));
      });
      exited.catch(() => undefined);
      child.unref();
      const identity = child.pid === undefined ? undefined : await identify(child.pid);
      if (!identity)
        throw new ToolError('sandbox', `${program} run ${configFile}`, await exited, await lastLines(this.log, size));
      await writeFile(
        join(this.folder, 'process.json'),
        JSON.stringify({ ...identity, program, configDigest } satisfies Started),
      );
      await this.awaitFirstProcess(configFile, identity, size, signal);
    } finally {
      await log.close();
    }
    return true;
  }

  private async awaitFirstProcess(
    configFile: string,
    identity: ProcessIdentity,
    logFrom: number,
    signal: AbortSignal,
  ): Promise<void> {
    const deadline = Date.now() + startSeconds * 1000;
    while (!(await exists(join(this.folder, 'init.pid')))) {
      const alive = await runs(identity);
      if (!alive || Date.now() > deadline) {
        const said = await lastLines(this.log, logFrom);
        await this.stop();
        throw new ToolError(
          'sandbox',
          `starting ${configFile}`,
          alive ? `no answer within ${startSeconds} s` : 'an early end',
          said,
        );
      }
      await sleep(20, undefined, { signal });
    }
  }

  /** Runs a program inside and gives its standard output. */
  async run(command: readonly string[], signal?: AbortSignal): Promise<string> {
    const [started, first] = [await this.started(), await this.firstProcess()];
    if (!started || first === undefined)
      throw new ToolError(
        'sandbox',
        command.join(' '),
        'not running',
        await lastLines(this.log),
        'Start the platform again: fairway platform up.',
      );
    return runCommand(started.program, ['exec', String(first), ...command], { signal });
  }

  /** Ends every process inside and removes the cgroups; does nothing when it does not run. */
  async stop(): Promise<void> {
    const started = await this.started();
    if (!started) return;
    if (await runs(started)) {
      process.kill(started.pid, 'SIGTERM');
      const deadline = Date.now() + stopSeconds * 1000;
      while (await runs(started)) {
        // the first process inside dies with its keeper, and everything else with it
        if (Date.now() > deadline) process.kill(started.pid, 'SIGKILL');
        await sleep(50);
      }
    }
    await runCommand(started.program, ['clean', join(this.folder, 'sandbox.json')]);
    await rm(join(this.folder, 'init.pid'), { force: true });
    await rm(join(this.folder, 'process.json'), { force: true });
  }

  private async started(): Promise<Started | undefined> {
    const file = join(this.folder, 'process.json');
    return (await exists(file)) ? (JSON.parse(await readFile(file, 'utf8')) as Started) : undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path)).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
