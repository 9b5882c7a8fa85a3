/**
 * Writes what is derived: each stage's action.yml and the API part of its README from the stage's declaration, the
 * copies of workflows/ in .github/workflows/, from where GitHub reads them, and the runbooks that the portal shows. `--check` writes nothing and exits with 1
 * when a file differs.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { stageOrder } from '@fairway/stage';
import { actionDescription } from './action-description.ts';
import { withApi } from './readme-api.ts';
import { loadStage } from '../packages/cli/src/stages.ts';

const root = join(import.meta.dirname, '..');

/** Content of every derived file by its path. */
async function derivedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const name of stageOrder) {
    const stage = await loadStage[name]();
    const folder = join(root, 'actions', name);
    files.set(join(folder, 'action.yml'), actionDescription(stage));
    const readme = join(folder, 'README.md');
    files.set(readme, withApi(await readFile(readme, 'utf8'), readme, stage));
  }
  for (const name of await readdir(join(root, 'workflows'))) {
    if (!name.endsWith('.yml')) continue;
    const source = await readFile(join(root, 'workflows', name), 'utf8');
    files.set(
      join(root, '.github/workflows', name),
      `# A copy of workflows/${name}, which is the one to change; npm run generate writes this one.\n${source}`,
    );
  }
  const runbooks: Record<string, string> = {};
  for (const name of (await readdir(join(root, 'docs/runbooks'))).toSorted())
    runbooks[name] = await readFile(join(root, 'docs/runbooks', name), 'utf8');
  files.set(join(root, 'plugins/fairway/src/alerts/runbooks.json'), `${JSON.stringify(runbooks, null, 2)}\n`);
  return files;
}

async function currentContent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const check = process.argv.includes('--check');
const changed: string[] = [];
for (const [path, content] of await derivedFiles()) {
  if ((await currentContent(path)) === content) continue;
  changed.push(relative(root, path));
  if (check) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
if (check && changed.length > 0) {
  process.stderr.write(
    `These files are not what their sources give: ${changed.join(', ')}. Run npm run generate and commit the result.\n`,
  );
  process.exitCode = 1;
} else {
  process.stdout.write(changed.length === 0 ? 'Nothing has changed.\n' : `Written: ${changed.join(', ')}\n`);
}
