import { spawn } from 'node:child_process';
import { ToolError } from '@fairway/clients/tool-error';

/** Runs a command to its end and gives its standard output; another exit code than 0 is a ToolError with its last lines. */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: { signal: AbortSignal; input?: string; cwd?: string },
): Promise<Buffer> {
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, {
    cwd: options.cwd,
    signal: options.signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  // a program that ends before it read everything says so by its exit code
  child.stdin.on('error', (error: Error) => (errors += error.message));
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  }).catch((error: unknown) => {
    options.signal.throwIfAborted();
    throw new ToolError(program, command.join(' '), (error as NodeJS.ErrnoException).code, '', `Install ${program}.`);
  });
  if (code !== 0)
    throw new ToolError(
      program,
      command.join(' ').slice(0, 400),
      code ?? undefined,
      errors.trim().split('\n').slice(-8).join('\n'),
    );
  return Buffer.concat(output);
}
