import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withFileLock } from '../file-lock.ts';
import type { Part } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';
import { buildDebianPart } from './debian-part.ts';
import { buildGoModulePart, buildGoPart } from './go-part.ts';
import { listFiles } from './part-files.ts';
import { manifestName, partKey, readManifest } from './part-key.ts';
import type { Manifest } from './part-key.ts';
import { buildWheelPart } from './wheel-part.ts';

export interface EnsureOptions {
  /** Folder of all parts: `<cache>/parts`. */
  readonly folder: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/**
 * Makes the parts that are not there yet and checks those that are, file by file. Programs compile one after the other, because each uses all
 * processors; what is only fetched goes beside them.
 * @returns the folder of each part by name
 * @throws ToolError when a part cannot be fetched or built; the abort reason when cancelled (what Go compiled so far is kept)
 */
export async function ensureParts(
  parts: readonly Part[],
  options: EnsureOptions,
): Promise<ReadonlyMap<string, string>> {
  // a failure of one stops the others instead of leaving them running behind the error
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const folders = new Map<string, string>();
  const lane = async (own: readonly Part[]) => {
    for (const part of own) folders.set(part.name, await ensurePart(part, { ...options, signal }));
  };
  const lanes = [
    parts.filter(part => part.kind === 'go' || part.kind === 'go-module'),
    parts.filter(part => part.kind === 'debian'),
    parts.filter(part => part.kind === 'wheel'),
  ];
  const results = await Promise.allSettled(
    lanes.map(own =>
      lane(own).catch(error => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  const rejected = results.find(result => result.status === 'rejected');
  if (rejected) throw failed.signal.aborted ? failed.signal.reason : rejected.reason;
  return folders;
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

async function intact(folder: string, progress: (message: string) => void): Promise<boolean> {
  const manifest = await readManifest(join(folder, manifestName));
  if (!manifest) return false;
  if (isDeepStrictEqual(await listFiles(folder, path => path === manifestName), manifest.files)) return true;
  progress(`${folder} is not as it was made; making it again`);
  return false;
}

async function make(part: Part, key: string, folder: string, options: EnsureOptions): Promise<void> {
  const started = Date.now();
  await mkdir(options.folder, { recursive: true });
  const work = await mkdtemp(join(options.folder, `.${part.name}-`));
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
    case 'debian':
      return buildDebianPart(part, builder);
    case 'wheel':
      return buildWheelPart(part, builder);
  }
}
