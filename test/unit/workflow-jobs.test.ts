import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const folder = join(import.meta.dirname, '../../workflows');
const workflows = readdirSync(folder)
  .filter(file => file.endsWith('.yml'))
  .map(file => [file, parse(readFileSync(join(folder, file), 'utf8')) as Workflow] as const);
const steps = (of: string) =>
  workflows.flatMap(([file, { jobs }]) =>
    Object.values(jobs).flatMap(job =>
      job.steps.flatMap(step => (step.uses?.startsWith(`${of}@`) ? [{ file, ...step }] : [])),
    ),
  );

// README of actions/upload-artifact: an artifact cannot be changed, and without `overwrite` the same name in one run is an error (409)
test('a job that is run again uploads again', () => {
  const uploads = steps('actions/upload-artifact');
  expect(uploads.length).toBeGreaterThan(5);
  expect(uploads.filter(step => step.with?.['overwrite'] !== true)).toEqual([]);
});

// README of actions/download-artifact: without a name it brings all artifacts of the run
test('a download whose name an earlier job may not have given is not begun', () => {
  const open = steps('actions/download-artifact').filter(step => step.if === undefined && 'continue-on-error' in step);
  expect(open.filter(step => /needs\.image/.test(String(step.with?.['name'])))).toEqual([]);
});

// docs.github.com, "Control the concurrency of workflows and jobs": what waits in a group is cancelled by whatever comes next to it
test('deliveries of one service to two environments are not in one group', () => {
  const { concurrency } = new Map(workflows).get('deliver.yml') ?? {};
  for (const input of ['context', 'environment', 'service'])
    expect(concurrency?.group).toContain(`\${{ inputs.${input} }}`);
});

test.each(['pull-request.yml', 'pull-request-comment.yml'])(
  'of two environments of one service, %s checks both',
  file => {
    const { concurrency } = new Map(workflows).get(file) ?? {};
    for (const input of ['environment', 'service']) expect(concurrency?.group).toContain(`\${{ inputs.${input} }}`);
  },
);

/** What the step of a workflow that names the results gives, run as GitHub does. */
function resultsOf(file: string, environment: string): Readonly<Record<string, string>> {
  const { jobs } = new Map(workflows).get(file)!;
  const step = Object.values(jobs).flatMap(job => job.steps.filter(({ id }) => id === 'results'))[0];
  const temporary = mkdtempSync(join(tmpdir(), 'fairway-results-'));
  try {
    const output = join(temporary, 'output');
    execFileSync('bash', ['-euo', 'pipefail', '-c', step?.run ?? ''], {
      stdio: 'ignore',
      cwd: temporary,
      env: {
        ...{ PATH: process.env['PATH'], RUNNER_TEMP: temporary, GITHUB_OUTPUT: output },
        ...{ SERVICE: 'services/assistant', ENVIRONMENT: environment },
      },
    });
    return Object.fromEntries(
      readFileSync(output, 'utf8')
        .trim()
        .split('\n')
        .map(line => line.split('=') as [string, string]),
    );
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

test('the results of each environment have a name of their own, which those who read them find', () => {
  const [none, staging, production] = ['', 'staging', 'production'].map(environment => {
    const named = resultsOf('pull-request.yml', environment)['name'];
    for (const file of ['pull-request-comment.yml', 'code-scanning.yml'])
      expect(resultsOf(file, environment)['name']).toBe(named);
    return named;
  });
  expect(new Set([none, staging, production]).size).toBe(3);
  // printf services/assistant | sha256sum; deliver.yml leaves its findings there
  expect(none).toBe('fairway-731725332fe46c8d');
  // code scanning compares a pull request with what deliver.yml found, whatever the environment
  expect(resultsOf('code-scanning.yml', 'staging')['category']).toBe(none);
});

test("the job's token is the password of no registry but GitHub's own", () => {
  const given = workflows.flatMap(([file, { jobs }]) =>
    Object.values(jobs).flatMap(job =>
      job.steps
        .flatMap(({ with: inputs = {} }) =>
          Object.entries(inputs).filter(
            ([name, value]) => /password/.test(name) && String(value).includes('github.token'),
          ),
        )
        .map(([name, value]) => ({ file, name, value: String(value) })),
    ),
  );
  expect(given.length).toBe(3);
  for (const { value } of given)
    expect(value).toMatch(
      /\(startsWith\(inputs\.registry, 'ghcr\.io\/'\) \|\| github\.server_url != 'https:\/\/github\.com'\) && github\.token \|\| ''/,
    );
});
