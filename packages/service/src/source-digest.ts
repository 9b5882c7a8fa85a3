import { createHash } from 'node:crypto';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentsFolder } from './environment.ts';
import { fileDigest } from './file-digest.ts';
import { sourceFiles, type SourceFile } from './source-files.ts';

// enough to keep a disk busy without opening a whole tree at once
const atOnce = 8;

const ofEnvironment = new RegExp(`^${environmentsFolder}/[^/]+\\.yaml$`);

/**
 * `sha256:<hex>` over the sorted paths, permissions and contents of the source files of a service folder. Files of environments are
 * left out: they say where an image goes, not what it is.
 */
export async function sourceDigest(folder: string, signal?: AbortSignal): Promise<string> {
  const files = (await sourceFiles(folder)).filter(({ path }) => !ofEnvironment.test(path));
  const lines: string[] = [];
  for (let index = 0; index < files.length; index += atOnce) {
    signal?.throwIfAborted();
    lines.push(...(await Promise.all(files.slice(index, index + atOnce).map(file => lineOf(folder, file, signal)))));
  }
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`;
}

async function lineOf(folder: string, { path, kind }: SourceFile, signal?: AbortSignal): Promise<string> {
  const absolute = join(folder, path);
  if (kind === 'link') return `link ${path}\0${await readlink(absolute)}\n`;
  const { mode } = await lstat(absolute);
  return `${(mode & 0o777).toString(8)} ${path}\0${await fileDigest(absolute, signal)}\n`;
}
