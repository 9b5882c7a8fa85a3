import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies the workflows of .github/workflows with `uses: $/…` (this repository at the running commit) written as
 * `uses: ./…` (this repository in the working folder), for tools that do not know the first form yet.
 * @param target root of a repository that has actions/ too
 */
export async function copyWorkflows(root: string, target: string): Promise<void> {
  const folder = join(target, '.github/workflows');
  await cp(join(root, '.github/workflows'), folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replaceAll('uses: $/', 'uses: ./'));
  }
}
