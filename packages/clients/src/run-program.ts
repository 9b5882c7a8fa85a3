import { spawn } from 'node:child_process';
import type { Reason } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from './tool-error.ts';

export interface Program {
  /** Name a user knows. */
  readonly tool: string;
  /** Path, or a name that PATH finds. */
  readonly program: string;
  readonly parameters: readonly string[];
  readonly folder: string;
  /** All of it: nothing else of this process's own is passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What to do when it cannot be started, as one sentence. */
  readonly advice: Reason | string;
  /** Last lines of standard error that are its reason when it fails; default all that is kept. */
  readonly lastLines?: number;
  readonly signal: AbortSignal;
}

/** How many characters of what a program said at last are kept. */
const kept = 8000;

/**
 * Runs a program without input and gives what it printed.
 * @throws ToolError with the last that it wrote to standard error when it ends with another code than 0
 */
export async function runProgram(run: Program): Promise<string> {
  const { tool, program, parameters, folder, environment, advice, lastLines = kept, signal } = run;
  const child = spawn(program, parameters, {
    cwd: folder,
    env: environment as NodeJS.ProcessEnv,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-kept)));
  const command = [program, ...parameters].join(' ');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    throw new ToolError(tool, command, error.code, error.message, advice);
  });
  if (code === 0) return Buffer.concat(output).toString('utf8');
  throw new ToolError(tool, command, code ?? 'a signal', errors.trim().split('\n').slice(-lastLines).join('\n'));
}
