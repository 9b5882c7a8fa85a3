import { execFile } from 'node:child_process';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

export interface PromtoolResult {
  readonly ok: boolean;
  /** What promtool wrote, for evidence and reasons. */
  readonly output: string;
}

export function checkRules(promtool: string, file: string, signal?: AbortSignal): Promise<PromtoolResult> {
  return run(promtool, ['check', 'rules', file], signal);
}

/** Checks the syntax only: the files that a configuration names lie where Prometheus runs, not here. */
export function checkConfig(promtool: string, file: string, signal?: AbortSignal): Promise<PromtoolResult> {
  return run(promtool, ['check', 'config', '--syntax-only', file], signal);
}

export function testRules(promtool: string, files: readonly string[], signal?: AbortSignal): Promise<PromtoolResult> {
  return run(promtool, ['test', 'rules', ...files], signal);
}

/** @throws ToolError when promtool cannot be started; what it refuses is an answer */
function run(
  promtool: string,
  parameters: readonly string[],
  signal: AbortSignal | undefined,
): Promise<PromtoolResult> {
  const command = [promtool, ...parameters].join(' ');
  return new Promise((resolve, reject) => {
    execFile(
      promtool,
      parameters,
      { signal, timeout: 300_000, maxBuffer: 4 << 20, env: {} },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        if (!error) resolve({ ok: true, output });
        else if (signal?.aborted) reject(error);
        else if (typeof error.code === 'number') resolve({ ok: false, output });
        else
          reject(
            new ToolError(
              'promtool',
              command,
              error.code ?? error.signal,
              output || error.message,
              reasonOf('promtool.name'),
            ),
          );
      },
    );
  });
}
