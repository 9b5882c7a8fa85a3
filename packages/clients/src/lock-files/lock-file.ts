import type { Npm } from '../npm/npm.ts';
import { isLock, pinnedVersion, readLock } from '../uv/index.ts';
import type { Uv } from '../uv/index.ts';
import { inNpmLock, inPipfileLock, inPnpmLock, inTomlLock, inYarnLock } from './versions.ts';

/** A file in which a package manager writes down the versions that it has chosen. */
export interface LockFile {
  /** As scanners name it. */
  readonly ecosystem: 'python-pkg' | 'node-pkg';
  /**
   * Versions in which a text of it has a package, each once.
   * @throws UnreadLock
   */
  versions(text: string, name: string): readonly string[];
  /** What a person runs beside it to raise a package. */
  command(name: string): string;
  /**
   * Makes it again with a package at a version or newer, where no program is needed for it that is not run here.
   * @throws UnknownLock or ToolError when it cannot be made again; then the file may be half changed
   */
  readonly raise?: (lock: {
    readonly programs: LockPrograms;
    readonly folder: string;
    readonly file: string;
    readonly text: string;
    readonly wanted: { readonly package: string; readonly atLeast: string };
  }) => Promise<void>;
}

export interface LockPrograms {
  readonly uv: Uv;
  readonly npm: Npm;
}

const ofNpm: LockFile = {
  ecosystem: 'node-pkg',
  versions: inNpmLock,
  command: name => `npm update ${name}`,
  raise: ({ programs, folder, wanted }) => programs.npm.raise(folder, wanted.package),
};

const named: Readonly<Record<string, LockFile>> = {
  'uv.lock': {
    ecosystem: 'python-pkg',
    versions: inTomlLock,
    command: name => `uv lock --upgrade-package ${name}`,
    raise: ({ programs, folder, wanted }) => programs.uv.raiseInProject(folder, wanted),
  },
  'poetry.lock': {
    ecosystem: 'python-pkg',
    versions: inTomlLock,
    command: name => `poetry update --lock ${name}`,
  },
  'Pipfile.lock': {
    ecosystem: 'python-pkg',
    versions: inPipfileLock,
    command: name => `pipenv update --lock-only ${name}`,
  },
  'package-lock.json': ofNpm,
  'npm-shrinkwrap.json': ofNpm,
  'pnpm-lock.yaml': {
    ecosystem: 'node-pkg',
    versions: inPnpmLock,
    command: name => `pnpm update --lockfile-only ${name}`,
  },
  'yarn.lock': {
    ecosystem: 'node-pkg',
    versions: inYarnLock,
    command: name => `yarn up --recursive ${name}`,
  },
};

const requirements: LockFile = {
  ecosystem: 'python-pkg',
  versions: (text, name) => [pinnedVersion(text, name) ?? []].flat(),
  command: name => `uv pip compile --upgrade-package ${name}`,
  raise: ({ programs, folder, file, text, wanted }) => programs.uv.raise(folder, file, readLock(text), wanted),
};

/** What a file is as a lock, by its name or by how it begins; undefined when it is none that is known here. */
export function lockFileOf(file: string, text: string): LockFile | undefined {
  if (Object.hasOwn(named, file)) return named[file];
  return file.endsWith('.txt') && isLock(text) ? requirements : undefined;
}
