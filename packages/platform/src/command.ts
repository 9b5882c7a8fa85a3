import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ToolError } from '@fairway/clients/tool-error';
import { hasCode } from './has-code.ts';

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Every line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
  /** Said after the tool's own words when it fails: what the user can do. */
  readonly advice?: string;
}

const keptLines = 15;

/**
 * Runs a program without a shell and gives what it wrote to standard output.
 * @throws ToolError with the last lines of standard error when it cannot start or ends with another status than 0; the abort reason when cancelled
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  const request = [program, ...args].join(' ');
  const tool = program.split('/').at(-1) ?? program;
  // a group of its own, so that cancelling ends the compilers that it started too
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGTERM');
  };
  options.signal?.addEventListener('abort', end, { once: true });
  const output: Buffer[] = [];
  const last: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  createInterface({ input: child.stderr }).on('line', line => {
    last.push(line);
    if (last.length > keptLines) last.shift();
    options.onErrorLine?.(line);
  });
  try {
    const status = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, name) => resolve(code ?? name ?? 'unknown'));
    });
    options.signal?.throwIfAborted();
    if (status !== 0) throw new ToolError(tool, request, status, last.join('\n'), options.advice);
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      throw new ToolError(tool, request, 'ENOENT', `${program} is not installed`, options.advice);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', end);
  }
  return Buffer.concat(output).toString();
}
