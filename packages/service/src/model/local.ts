import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ConfigurationError } from '../configuration-error.ts';
import { fileDigest } from '../file-digest.ts';
import { requireRegularFile } from '../regular-file.ts';
import { systemErrorCode } from '../system-error.ts';
import { factsOf, splitStem, type ModelFacts, type ModelFiles } from './facts.ts';
import { withFile } from './random-access.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';

export interface LocalModelOptions {
  /** The licence that the service declares; it wins over what the model says. */
  readonly license?: string;
  readonly signal?: AbortSignal;
}

/** Reads the headers of a model file or folder; the revision is a digest of the whole content. */
export async function readModelFacts(path: string, options: LocalModelOptions = {}): Promise<ModelFacts> {
  const { folder, paths } = await localModel(path);
  const files = filesOf(path, folder, paths);
  // headers first: they are quick, and a damaged model is found before gigabytes are hashed
  const facts = await factsOf(files, '', options.license);
  return { ...facts, revision: await contentDigest(folder, paths, options.signal) };
}

/** The files of a folder; undefined where there is none. */
export async function localModelFiles(path: string): Promise<ModelFiles | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  });
  if (!found?.isDirectory()) return undefined;
  const { folder, paths } = await localModel(path);
  return filesOf(path, folder, paths);
}

function filesOf(name: string, folder: string, paths: readonly string[]): ModelFiles {
  return {
    name,
    paths,
    weights: async (file, read) => await withFile(join(folder, file), read),
    text: async file => await readFile(join(folder, file), 'utf8'),
  };
}

/** Changes whenever a file of the model is written; for deciding whether to look again without reading gigabytes. */
export async function modelStamp(path: string): Promise<string> {
  const { folder, paths } = await localModel(path);
  const hash = createHash('sha256');
  for (const file of paths) {
    const { size, mtimeMs } = await stat(join(folder, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** The first file of a model that lies outside of a folder, by a link of its own or of a folder above it, or nowhere. */
export async function linkOutOf(
  folder: string,
  path: string,
): Promise<{ readonly file: string; readonly target: string } | undefined> {
  const model = await localModel(path);
  const inside = (await realpath(folder)) + sep;
  for (const name of model.paths) {
    const file = join(model.folder, name);
    const target = await realpath(file).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      return readlink(file);
    });
    if (!target.startsWith(inside)) return { file, target };
  }
  return undefined;
}

/** The files of a model file or folder, by name from the folder that they lie in. */
export async function localModel(path: string): Promise<{ folder: string; paths: string[] }> {
  const found = await stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  });
  if (!found) throw new ConfigurationError(reasonOf('model.none', { path }));
  if (!found.isDirectory()) {
    await requireRegularFile(path);
    const name = basename(path);
    const stem = splitStem(name);
    if (stem === undefined) return { folder: dirname(path), paths: [name] };
    const siblings = (await readdir(dirname(path))).filter(file => splitStem(file) === stem);
    return { folder: dirname(path), paths: siblings.toSorted() };
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(entry => entry.isFile() || entry.isSymbolicLink())
    .map(entry => join(entry.parentPath, entry.name).slice(join(path, '/').length))
    .filter(file => !file.startsWith('.git/') && !file.startsWith('.cache/'));
  return { folder: path, paths: paths.toSorted() };
}

async function contentDigest(folder: string, paths: readonly string[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const file of paths) hash.update(`${file}\0${await fileDigest(join(folder, file), signal)}\n`);
  return `sha256:${hash.digest('hex')}`;
}
