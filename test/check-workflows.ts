/** Runs actionlint and zizmor over the workflows, and actionlint over those of the documentation. Exits with 1 when one of them has something to say. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyDocumentedWorkflows } from './documented-workflows.ts';
import { copyWorkflows } from './self-references.ts';
import { workflowTool } from './workflow-tools.ts';

const root = join(import.meta.dirname, '..');

function run(program: string, args: readonly string[], cwd: string): boolean {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) process.stderr.write(`${program}:\n${stdout}${stderr}\n`);
  return status === 0;
}

const [actionlint, zizmor] = [await workflowTool('actionlint'), await workflowTool('zizmor')];
const copy = await mkdtemp(join(tmpdir(), 'fairway-workflows-'));
try {
  // with ./ for $/ it also checks each step's inputs against the action's
  await copyWorkflows(root, copy);
  await copyDocumentedWorkflows(root, copy);
  await cp(join(root, 'actions'), join(copy, 'actions'), {
    recursive: true,
    filter: path => !path.includes('node_modules'),
  });
  if (!run('git', ['init', '--quiet'], copy) || !run(actionlint, ['-shellcheck=', '-pyflakes='], copy))
    process.exitCode = 1;
} finally {
  await rm(copy, { recursive: true });
}
if (
  !run(zizmor, ['--offline', '--no-progress', '--persona=pedantic', '.github/workflows', 'workflows', 'actions'], root)
)
  process.exitCode = 1;
