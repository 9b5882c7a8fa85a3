import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import ignore from 'ignore';
import { textIfThere } from './text-file.ts';

/**
 * Answers which paths of a folder git leaves out by the `.gitignore` files of the folder and of those above it, up to the
 * root of the repository. Those further down are not read: what only they leave out counts as kept.
 */
export async function gitIgnored(folder: string): Promise<(path: string) => boolean> {
  const levels: { prefix: string; matcher: ReturnType<typeof ignore> }[] = [];
  let prefix = '';
  for (let level = resolve(folder); ; level = dirname(level)) {
    levels.push({ prefix, matcher: ignore().add((await textIfThere(join(level, '.gitignore'))) ?? '') });
    const isRoot = await stat(join(level, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) break;
    // outside a repository the folder's own file is all there is
    if (dirname(level) === level) return path => levels[0]?.matcher.ignores(path) ?? false;
    prefix = `${basename(level)}/${prefix}`;
  }
  return path => levels.some(({ prefix: above, matcher }) => matcher.ignores(above + path));
}
