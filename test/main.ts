/**
 * npm test: every check and the unit tests, meanwhile the tests against the real parts on the local platform, which it brings up
 * when it is not and takes down again if it did, then deliveries. `npm test -- checks|unit|real|e2e` runs only those. What takes too long for every change:
 * `npm run test:long`, the verdicts of a release, with an engine whose faults the tests choose, Grype beside Trivy, and what is slow; `npm run test:clusters`, the API servers and
 * metrics of other clusters than the platform's; `npm run test:engines`, an example of each engine that runs without a GPU; and
 * `npm run test:install`, the plugins in fresh portals. The unit tests of what the portal stores run on SQLite and on a PostgreSQL that is there
 * for them alone. The last line is `N passed, N failed`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { checks } from './checks.ts';
import { bringCompiledParts } from './compiled-parts.ts';
import { withPostgres } from './postgres/with-postgres.ts';
import { withPlatform } from './with-platform.ts';

const root = join(import.meta.dirname, '..');
const groups = ['checks', 'unit', 'real', 'e2e', 'long', 'engines', 'clusters', 'install'] as const;
type Group = (typeof groups)[number];
const onPlatform = ['real', 'e2e', 'long', 'engines'] as const satisfies readonly Group[];
/** These take too long for every change. */
const onlyWhenNamed: readonly Group[] = ['long', 'engines', 'clusters', 'install'];

interface Count {
  passed: number;
  failed: number;
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.find(name => !groups.some(group => group === name));
  if (unknown) {
    process.stderr.write(`npm test takes ${groups.join(', ')}; found "${unknown}".\n`);
    return 2;
  }
  const selected = (group: Group) => (wanted.length === 0 ? !onlyWhenNamed.includes(group) : wanted.includes(group));
  const total: Count = { passed: 0, failed: 0 };
  const add = (count: Count) => {
    total.passed += count.passed;
    total.failed += count.failed;
  };
  // each keeps one core busy, and the platform comes up meanwhile
  const counts = Promise.all([
    ...(selected('checks') ? [runChecks()] : []),
    ...(selected('unit') ? [unitTests()] : []),
  ]);
  if (onPlatform.some(selected)) {
    await withPlatform(async environment => {
      const run = async (group: (typeof onPlatform)[number]) => {
        if (selected(group)) add(await jest(group, environment));
      };
      // on a fresh machine they take as long as the platform's own: no test waits for a compiler, or is measured beside one
      if (selected('real') || selected('e2e')) await bringCompiledParts();
      // The tests of the real parts mostly wait for them.
      await Promise.all([run('real'), counts]);
      // Deliveries judge what they measure: not while others use the cores.
      for (const group of ['e2e', 'long', 'engines'] as const) await run(group);
    }).catch((error: Error) => {
      process.stderr.write(`The tests on the platform could not run: ${error.stack ?? error.message}\n`);
      total.failed += 1;
    });
  }
  for (const count of await counts) add(count);
  for (const group of (['clusters', 'install'] as const).filter(selected)) add(await jest(group, {}));
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function unitTests(): Promise<Count> {
  let count: Count | undefined;
  try {
    await withPostgres(async (environment, signal) => {
      count = await jest('unit', environment, signal);
    });
  } catch (error) {
    const text = (error as Error).stack ?? (error as Error).message;
    process.stderr.write(`${count ? '' : 'Nothing was tested on PostgreSQL: '}${text}\n`);
    // all others are worth knowing
    const { passed, failed } = count ?? (await jest('unit', {}));
    return { passed, failed: failed + 1 };
  }
  return count ?? { passed: 0, failed: 1 };
}

async function runChecks(): Promise<Count> {
  const count = { passed: 0, failed: 0 };
  for (const check of checks) {
    const started = Date.now();
    const { code, output } = await run(check.command, {}, 'captured');
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'PASS' : 'FAIL'} ${check.name} (${seconds} s)\n`);
    if (code === 0) count.passed += 1;
    else {
      count.failed += 1;
      process.stdout.write(`${output}\n`);
    }
  }
  return count;
}

/** The rendered tests of the portal are unit tests in another environment. */
function projectsOf(group: Exclude<Group, 'checks'>): readonly string[] {
  return group === 'unit' ? ['unit', 'ui'] : [group];
}

/** Runs the jest projects of one group; a suite that could not start counts as a failure. */
async function jest(
  group: Exclude<Group, 'checks'>,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-jest-'));
  try {
    const file = join(folder, 'result.json');
    const workers = group === 'unit' ? '--maxWorkers=100%' : '--runInBand';
    const { code } = await run(
      [
        'node',
        'node_modules/jest/bin/jest.js',
        '--ci',
        '--selectProjects',
        ...projectsOf(group),
        workers,
        '--json',
        `--outputFile=${file}`,
      ],
      environment,
      'errors shown',
      signal,
    );
    const result = JSON.parse(await readFile(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numRuntimeErrorTestSuites: number;
    };
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `errors shown`: standard error goes on to the terminal (jest reports there), standard output is dropped. */
function run(
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
  mode: 'captured' | 'errors shown',
  signal?: AbortSignal,
) {
  return new Promise<{ code: number; output: string }>((resolve, reject) => {
    const child = spawn(command[0]!, command.slice(1), {
      cwd: root,
      env: { ...process.env, ...environment },
      signal,
      stdio: ['ignore', 'pipe', mode === 'captured' ? 'pipe' : 'inherit'],
    });
    let output = '';
    child.stdout!.on('data', chunk => (output += chunk));
    child.stderr?.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

process.exit(await main(process.argv.slice(2)));
