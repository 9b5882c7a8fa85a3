import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newFolder } from '../fixtures/new-folder.ts';

interface Workflow {
  readonly jobs: { readonly compare: { readonly steps: readonly { readonly id?: string; readonly run?: string }[] } };
}

const { jobs } = parse(
  readFileSync(join(import.meta.dirname, '../../workflows/compare-engines.yml'), 'utf8'),
) as Workflow;
const script = jobs.compare.steps.find(({ id }) => id === 'fairway')?.run ?? '';

/** The step as a runner runs it: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, `shell`. */
function named(fairway: string) {
  const output = join(newFolder(), 'output');
  const env = { PATH: process.env['PATH'], FAIRWAY: fairway, GITHUB_OUTPUT: output };
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { env });
  return { status, said: String(stdout), read: () => readFileSync(output, 'utf8') };
}

test('a comparison takes Fairway at a whole commit', () => {
  const commit = '0123456789'.repeat(4);
  expect(named(`team/fairway@${commit}`).read()).toBe(`repository=team/fairway\nref=${commit}\n`);
});

test.each(['team/fairway@main', 'team/fairway', 'team/fairway@0123456', `a/b@${'0'.repeat(40)}\nref=other`])(
  'a commit that moves, or is none, ends it: %j',
  fairway => {
    const { status, said } = named(fairway);
    expect(status).toBe(1);
    expect(said).toContain('Give the repository of Fairway and a whole commit');
  },
);
