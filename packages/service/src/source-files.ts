import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import ignore from 'ignore';
import { parseDocument } from 'yaml';
import { ConfigurationError } from './configuration-error.ts';
import { gitIgnored } from './git-ignored.ts';
import { serviceFileName } from './service-file.ts';
import { textIfThere } from './text-file.ts';
import { reasonOf } from './reasons/delivery-reason.ts';

export interface SourceFile {
  /** Relative to the service folder, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'link';
}

const neverSource = new Set(['.git', '.fairway']);

/**
 * The files that decide what is built, sorted by path: what Docker would send to a build of the folder. `.dockerignore`, or the one beside the
 * Dockerfile that fairway.yaml names, is honoured with Docker's rules (patterns start at the folder, the last match decides); `.gitignore` is not,
 * because Docker copies what git ignores. `.git` and `.fairway` are never part, wherever they lie.
 */
export async function sourceFiles(folder: string): Promise<SourceFile[]> {
  const { ignored, mayReturn } = await dockerignore(folder);
  return await filesWithout(folder, path => ignored(path), mayReturn);
}

/** The files that may leave the machine, sorted by path: those that git keeps and those that Docker would send. */
export async function leavingFiles(folder: string): Promise<SourceFile[]> {
  const { ignored, mayReturn } = await dockerignore(folder);
  const gitIgnores = await gitIgnored(folder);
  return await filesWithout(
    folder,
    (path, isFolder) => ignored(path) && gitIgnores(isFolder ? `${path}/` : path),
    mayReturn,
  );
}

/** @param mayReturn true when a file of a left-out folder may be taken back in */
async function filesWithout(
  folder: string,
  leftOut: (path: string, isFolder: boolean) => boolean,
  mayReturn: boolean,
): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (neverSource.has(entry.name)) continue;
      const skip = leftOut(path, entry.isDirectory());
      if (entry.isDirectory()) {
        if (!skip || mayReturn) await walk(path);
      } else if (!skip && (entry.isFile() || entry.isSymbolicLink())) {
        // what is no UTF-8 was read as another name, by which no file is there
        if (path.includes('\uFFFD')) throw new ConfigurationError(reasonOf('file.nameNoUtf8', { path, folder }));
        files.push({ path, kind: entry.isFile() ? 'file' : 'link' });
      }
    }
  };
  await walk('');
  // by code unit, so that every machine and locale sorts alike
  return files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

interface Rule {
  /** True for a pattern with `!`, which takes files back in. */
  readonly includes: boolean;
  matches(path: string): boolean;
}

async function dockerignore(folder: string): Promise<{ ignored(path: string): boolean; mayReturn: boolean }> {
  const dockerfile = await dockerfileOf(folder);
  const own = `${dockerfile}.dockerignore`;
  const alwaysSource = new Set([serviceFileName, dockerfile, '.dockerignore', own]);
  const text = (await textIfThere(join(folder, own))) ?? (await textIfThere(join(folder, '.dockerignore'))) ?? '';
  const rules: Rule[] = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const includes = line.startsWith('!');
      const pattern = (includes ? line.slice(1).trim() : line).replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
      // git's matcher, one pattern at a time and tied to the root: that is Docker's rule
      const matcher = ignore({ ignorecase: false });
      // Docker passes over a dot and a slash alone
      if (pattern !== '' && pattern !== '.') matcher.add(`/${pattern}`);
      return { includes, matches: path => matcher.ignores(path) };
    });
  const lastMatch = (path: string): boolean =>
    rules.reduce((out, rule) => (rule.includes === out && rule.matches(path) ? !rule.includes : out), false);
  return {
    ignored: path => !alwaysSource.has(path) && lastMatch(path),
    mayReturn: rules.some(rule => rule.includes),
  };
}

/** The Dockerfile by fairway.yaml. What is wrong with that file, its own reader says. */
async function dockerfileOf(folder: string): Promise<string> {
  const named: unknown = parseDocument((await textIfThere(join(folder, serviceFileName))) ?? '').getIn([
    'build',
    'dockerfile',
  ]);
  return typeof named === 'string' && named !== '' ? posix.normalize(named) : 'Dockerfile';
}
