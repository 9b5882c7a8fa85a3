import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface StageJson {
  readonly stage: string;
  readonly verdict: string;
  readonly reason: string;
  readonly why: string;
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Stages of `deliver --json`. */
  readonly stages: readonly StageJson[];
}

/** Runs the fairway command as a user does, in a process of its own. */
export function fairway(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  watch?: (child: ChildProcess, stderr: string) => void,
) {
  return new Promise<CommandResult>((resolve, reject) => {
    const child = spawn('sh', [join(root, 'bin/run'), 'packages/cli/src/main.ts', ...argv], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => (stdout += chunk));
    child.stderr.on('data', chunk => {
      stderr += chunk;
      watch?.(child, stderr);
    });
    child.on('error', reject);
    child.on('close', code => {
      const stages = stdout.trimStart().startsWith('{')
        ? (JSON.parse(stdout) as { stages?: StageJson[] }).stages
        : undefined;
      resolve({ code, stdout, stderr, stages: stages ?? [] });
    });
  });
}

/** @throws Error with the last stage and what was said, unless the delivery passed */
export function expectPass(result: CommandResult) {
  if (result.code !== 0) throw new Error(`${JSON.stringify(result.stages.at(-1))}\n${result.stderr.slice(-3000)}`);
  return result;
}
