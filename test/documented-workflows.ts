import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const ours = /<owner>\/fairway\/(actions\/[\w-]+|\.github\/workflows\/[\w.-]+)@<full commit SHA>/g;

/**
 * Copies the complete workflows of docs/ beside those of `copyWorkflows`, with this repository and words in the places that readers fill in.
 * @param target root of a repository that has the workflows and actions/ too
 */
export async function copyDocumentedWorkflows(root: string, target: string): Promise<void> {
  for (const page of await readdir(join(root, 'docs'))) {
    if (!page.endsWith('.md')) continue;
    const text = await readFile(join(root, 'docs', page), 'utf8');
    for (const [at, [, block = '']] of [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].entries()) {
      const workflow = block
        .replaceAll(ours, './$1')
        .replaceAll('<full commit SHA>', '0'.repeat(40))
        .replaceAll(/<(\w+)>/g, '$1');
      const keys = Object.keys((parse(workflow) as object | null) ?? {});
      if (keys.includes('on') && keys.includes('jobs'))
        await writeFile(join(target, '.github/workflows', `docs-${page}-${at}.yml`), workflow);
    }
  }
}
