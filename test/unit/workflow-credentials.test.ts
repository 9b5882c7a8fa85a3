import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

const root = join(import.meta.dirname, '../..');
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));

/** Whether a step runs the scanner, by the inputs of its action. */
function scans(uses = ''): boolean {
  const stage = /^\$\/actions\/([\w-]+)$/.exec(uses)?.[1];
  if (stage === undefined) return false;
  return 'scanner' in (read(`actions/${stage}/action.yml`) as { inputs: object }).inputs;
}

test.each([
  ['deliver.yml', ['image']],
  ['pull-request.yml', ['image']],
  ['rescan.yml', ['scan']],
])('the scanner of %s runs beside no credential', (workflow, expected) => {
  const { jobs, permissions } = read(`workflows/${workflow}`) as { jobs: Record<string, Job>; permissions: object };
  const scanning = Object.entries(jobs).filter(([, { steps }]) => steps.some(({ uses }) => scans(uses)));
  expect(scanning.map(([name]) => name)).toEqual(expected);
  for (const [, job] of scanning) {
    expect(job.permissions ?? permissions).toEqual({ contents: 'read' });
    const given = JSON.stringify(job).match(/secrets\.[\w-]+|github\.token/g) ?? [];
    // may read a model at most
    expect(given.filter(name => name !== 'secrets.hub-token')).toEqual([]);
  }
});
