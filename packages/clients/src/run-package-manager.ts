import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import type { Program } from './run-program.ts';

export interface PackageManagerRun extends Omit<Program, 'environment'> {
  /** Names of its own variables that are passed on, such as the address of its registry; never one with a token. */
  readonly passed: RegExp;
  /** Variable that names the folder of its cache. */
  readonly cacheVariable: string;
  /** What it has beside those. */
  readonly environment?: Readonly<Record<string, string>>;
}

// where programs and certificates are; no token of a job
const passedToAll = /^(PATH|TMPDIR|SSL_CERT_FILE|(HTTPS?|NO)_PROXY|(https?|no)_proxy)$/;

/**
 * Runs a package manager on files of others: with a home of its own for the time of the run, and no credential of the job.
 * @throws ToolError as `runProgram`
 */
export async function runPackageManager({
  passed,
  cacheVariable,
  environment,
  ...run
}: PackageManagerRun): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), `fairway-${run.tool}-`));
  try {
    await runProgram({
      ...run,
      environment: {
        ...Object.fromEntries(
          Object.entries(process.env).filter(([name]) => passedToAll.test(name) || passed.test(name)),
        ),
        HOME: home,
        [cacheVariable]: home,
        ...environment,
      },
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
