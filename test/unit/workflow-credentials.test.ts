import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

const root = join(import.meta.dirname, '../..');
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));

/** Whether a step runs a program of others, by the inputs of its action. */
function runs(program: string, uses = ''): boolean {
  const stage = /^\$\/actions\/([\w-]+)$/.exec(uses)?.[1];
  if (stage === undefined) return false;
  return program in (read(`actions/${stage}/action.yml`) as { inputs: object }).inputs;
}

test('logins for bases are on the disk of the runner for the time of the build alone', () => {
  for (const workflow of ['deliver.yml', 'pull-request.yml']) {
    const { image } = (read(`workflows/${workflow}`) as { jobs: Record<string, Job> }).jobs;
    const at = image!.steps.findIndex(step => JSON.stringify(step).includes('secrets.base-logins'));
    expect(image!.steps.slice(at, at + 3)).toMatchObject([
      { id: 'logins' },
      { uses: '$/actions/build' },
      { if: 'always()', run: 'rm -rf "$RUNNER_TEMP/base-logins"' },
    ]);
  }
});

test.each([
  ['scanner', 'deliver.yml', ['image']],
  ['scanner', 'pull-request.yml', ['image']],
  ['scanner', 'rescan.yml', ['scan']],
  ['uv', 'rescan.yml', ['fix']],
])('the %s of %s runs beside no credential', (program, workflow, expected) => {
  const { jobs, permissions } = read(`workflows/${workflow}`) as { jobs: Record<string, Job>; permissions: object };
  const running = Object.entries(jobs).filter(([, { steps }]) => steps.some(({ uses }) => runs(program, uses)));
  expect(running.map(([name]) => name)).toEqual(expected);
  for (const [, job] of running) {
    expect(job.permissions ?? permissions).toEqual({ contents: 'read' });
    const given = JSON.stringify(job).match(/secrets\.[\w-]+|github\.token/g) ?? [];
    // may read a model, bases and what the Dockerfile asks for, at most
    const reading = ['hub-token', 'base-logins', 'build-secrets'].map(name => `secrets.${name}`);
    expect(given.filter(name => !reading.includes(name))).toEqual([]);
  }
});

test('what may write the source gets data and runs one action of ours', () => {
  const { jobs } = read('workflows/rescan.yml') as { jobs: Record<string, Job> };
  const writing = Object.entries(jobs).filter(([, { permissions }]) => permissions?.['contents'] === 'write');
  expect(writing.map(([name]) => name)).toEqual(['propose']);
  const [[, job]] = writing as [[string, Job]];
  expect(job.steps.map(({ uses = '' }) => uses.replace(/@.*/, ''))).toEqual([
    'actions/checkout',
    'actions/download-artifact',
    '$/actions/propose-fix',
  ]);
});
