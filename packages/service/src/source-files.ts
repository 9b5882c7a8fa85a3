import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { serviceFileName } from './service-file.ts';
import { systemErrorCode } from './system-error.ts';

export interface SourceFile {
  /** Relative to the service folder, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'link';
}

const neverSource = new Set(['.git', '.fairway']);
const alwaysSource = new Set([serviceFileName, 'Dockerfile', '.dockerignore', 'Dockerfile.dockerignore']);

/**
 * The files that decide what is built, sorted by path: what Docker would send to a build of the folder. `.dockerignore` is
 * honoured with Docker's rules (patterns start at the folder, the last match decides); `.gitignore` is not, because Docker
 * copies what git ignores. `.git` and `.fairway` are never part.
 */
export async function sourceFiles(folder: string): Promise<SourceFile[]> {
  const rules = await dockerignore(folder);
  const mayReturn = rules.some(rule => rule.includes);
  const files: SourceFile[] = [];

  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (below === '' && neverSource.has(entry.name)) continue;
      const ignored = !alwaysSource.has(path) && ignores(rules, path);
      if (entry.isDirectory()) {
        if (!ignored || mayReturn) await walk(path);
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
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

async function dockerignore(folder: string): Promise<Rule[]> {
  const text =
    (await textOf(join(folder, 'Dockerfile.dockerignore'))) ?? (await textOf(join(folder, '.dockerignore'))) ?? '';
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const includes = line.startsWith('!');
      const pattern = (includes ? line.slice(1).trim() : line).replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
      // git's matcher, one pattern at a time and tied to the root: that is Docker's rule
      const matcher = ignore({ ignorecase: false }).add(pattern === '' || pattern === '.' ? '*' : `/${pattern}`);
      return { includes, matches: path => matcher.ignores(path) };
    });
}

function ignores(rules: readonly Rule[], path: string): boolean {
  return rules.reduce(
    (ignored, rule) => (rule.includes === ignored && rule.matches(path) ? !rule.includes : ignored),
    false,
  );
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
