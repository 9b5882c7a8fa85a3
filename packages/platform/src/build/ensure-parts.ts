import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withFileLock } from '../file-lock.ts';
import type { GoModulePart, GoPart, Part } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';
import { buildDebianPart } from './debian-part.ts';
import { buildGoModulePart, buildGoPart, copyModuleFiles, fetchModules } from './go-part.ts';
import { pullImagePart } from './image-part.ts';
import { listFiles, stampFiles } from './part-files.ts';
import { manifestName, partKey, readManifest } from './part-key.ts';
import type { Manifest } from './part-key.ts';
import { buildMavenPart } from './maven-part.ts';
import { buildNpmPart } from './npm-part.ts';
import { buildWheelPart } from './wheel-part.ts';

export interface EnsureOptions {
  /** Folder of all parts: `<cache>/parts`. */
  readonly folder: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/**
 * Makes what is missing of the parts and waits for all.
 * @returns the folder of each part by name
 * @throws as `makeParts` rejects
 */
export function ensureParts(parts: readonly Part[], options: EnsureOptions): Promise<ReadonlyMap<string, string>> {
  return makeParts(parts, options).done;
}

/** Parts that are being made; whoever needs one awaits it while others are still compiled. */
export interface Parts {
  /** Folder of a part once it is there. Rejects as `done` does when a part before it failed. */
  ready(name: string): Promise<string>;
  /** All folders by name, at the end. */
  readonly done: Promise<ReadonlyMap<string, string>>;
}

/**
 * Makes the parts that are not there yet and checks those that are, file by file. Programs compile one after the other
 * in the order given, because each uses all processors; what is only fetched goes beside them, as do the modules of the next programs.
 *
 * A part that cannot be fetched or built rejects with a ToolError and stops the others; cancelling rejects with the
 * abort reason, and what Go compiled so far is kept.
 */
export function makeParts(parts: readonly Part[], options: EnsureOptions): Parts {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const promises = new Map<string, Promise<string>>();
  const compiled = parts.filter(part => part.kind === 'go' || part.kind === 'go-module');
  // the compilation says what cannot be fetched
  fetchAhead(compiled.slice(1), options.folder, signal).catch(() => undefined);
  const lanes = [
    compiled,
    parts.filter(part => part.kind === 'debian'),
    parts.filter(part => ['wheel', 'npm', 'maven', 'image', 'module-files'].includes(part.kind)),
  ];
  for (const lane of lanes) {
    let before: Promise<unknown> = Promise.resolve();
    for (const part of lane) {
      const made = before
        .then(() => ensurePart(part, { ...options, signal }))
        .catch(error => {
          failed.abort(error);
          throw failed.signal.reason;
        });
      // nobody may be waiting for this one yet
      made.catch(() => undefined);
      promises.set(part.name, made);
      before = made;
    }
  }
  const all = async () =>
    new Map(await Promise.all([...promises].map(async ([name, made]) => [name, await made] as const)));
  const done = all();
  done.catch(() => undefined);
  return {
    done,
    ready: name => promises.get(name) ?? Promise.reject(new Error(`no part is named ${name}`)),
  };
}

/** Which of the parts are made already; nothing is checked or changed. */
export async function madeParts(
  parts: readonly Part[],
  folder: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const made = new Map<string, string | undefined>();
  for (const part of parts) {
    const path = join(folder, `${part.name}-${await partKey(part)}`);
    made.set(part.name, (await readManifest(join(path, manifestName))) ? path : undefined);
  }
  return made;
}

/** Fetches modules while the programs before are compiled. */
async function fetchAhead(
  parts: readonly (GoPart | GoModulePart)[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const made = await madeParts(parts, folder);
  for (const part of parts) if (!made.get(part.name)) await fetchModules(part, signal);
}

async function ensurePart(part: Part, options: EnsureOptions): Promise<string> {
  const key = await partKey(part);
  const folder = join(options.folder, `${part.name}-${key}`);
  const progress = (message: string) => options.progress(`${part.name}: ${message}`);
  if (await intact(folder, progress)) return folder;
  const waiting = (holder: number) => progress(`being made by process ${holder}; waiting`);
  return withFileLock(`${folder}.lock`, options.signal, waiting, async () => {
    // whoever held the lock before may have made it
    if (await intact(folder, progress)) return folder;
    await make(part, key, folder, { ...options, progress });
    return folder;
  });
}

/**
 * Whether the part's files are those that were made. Their contents are read once; after that, as long as no file has been
 * written to or replaced since (the change time is the kernel's own), they need not be read again.
 */
async function intact(folder: string, progress: (message: string) => void): Promise<boolean> {
  const manifest = await readManifest(join(folder, manifestName));
  if (!manifest) return false;
  const without = (path: string) => path === manifestName;
  const stamp = JSON.stringify(await stampFiles(folder));
  const stampFile = `${folder}.stamp`;
  if (stamp === (await readFile(stampFile, 'utf8').catch(() => ''))) return true;
  if (!isDeepStrictEqual(await listFiles(folder, without), manifest.files)) {
    progress(`${folder} is not as it was made; making it again`);
    return false;
  }
  await writeFile(stampFile, stamp);
  return true;
}

async function make(part: Part, key: string, folder: string, options: EnsureOptions): Promise<void> {
  const started = Date.now();
  await mkdir(options.folder, { recursive: true });
  // what a killed run left is of no use: the compiler keeps its own cache
  const work = join(options.folder, `.${part.name}-${key}`);
  await rm(work, { recursive: true, force: true });
  try {
    const builder: Builder = {
      ...options,
      target: join(work, 'target'),
      scratch: join(work, 'scratch'),
      shared: join(options.folder, '.shared'),
    };
    for (const path of [builder.target, builder.scratch, builder.shared]) await mkdir(path, { recursive: true });
    const versions = await build(part, builder);
    const seconds = (Date.now() - started) / 1000;
    const manifest: Manifest = {
      name: part.name,
      key,
      madeAt: new Date().toISOString(),
      seconds,
      versions,
      files: await listFiles(builder.target),
    };
    await writeFile(join(builder.target, manifestName), `${JSON.stringify(manifest, undefined, 1)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(builder.target, folder);
    options.progress(`made in ${seconds.toFixed(0)} s`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function build(part: Part, builder: Builder): Promise<Versions> {
  switch (part.kind) {
    case 'go':
      return buildGoPart(part, builder);
    case 'go-module':
      return buildGoModulePart(part, builder);
    case 'module-files':
      return copyModuleFiles(part, builder);
    case 'debian':
      return buildDebianPart(part, builder);
    case 'wheel':
      return buildWheelPart(part, builder);
    case 'npm':
      return buildNpmPart(part, builder);
    case 'maven':
      return buildMavenPart(part, builder);
    case 'image':
      return pullImagePart(part, builder);
  }
}
