import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces files, each whole or not at all.
 * @returns puts the former contents back, and removes what was not there before
 */
export async function replaceFiles(files: ReadonlyMap<string, string>): Promise<() => Promise<void>> {
  const before = new Map<string, string | undefined>();
  for (const path of files.keys()) before.set(path, await contentOf(path));
  for (const [path, content] of files) await replace(path, content);
  return async () => {
    for (const [path, content] of before) {
      if (content === undefined) await rm(path, { force: true });
      else await replace(path, content);
    }
  };
}

async function replace(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Prometheus reads every file that ends in .yml: the unfinished one must not
  await writeFile(`${path}.new`, content, { mode: 0o644 });
  await rename(`${path}.new`, path);
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
