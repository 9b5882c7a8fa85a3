import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Part } from '../parts.ts';
import { machineRelease } from './debian-part.ts';
import { listFiles } from './part-files.ts';
import { hasCode } from '../has-code.ts';

/** Counts up when parts must be made again although nothing that they are made of changed. */
const recipe = 1;

/** 16 hex digits over everything that decides what the part will be and that is known before it is made. */
export async function partKey(part: Part): Promise<string> {
  const decisive: unknown[] = [recipe, process.arch];
  // how many packages there are is said to people only; where the sources lie does not matter
  if (part.kind === 'go' || part.kind === 'module-files')
    decisive.push(
      { ...part, source: undefined, packages: undefined },
      await listFiles(part.source, path => path.endsWith('_test.go')),
    );
  else if (part.kind === 'go-module') decisive.push({ ...part, packages: undefined });
  else if (part.kind === 'debian') decisive.push(part, await machineRelease());
  else decisive.push(part);
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex').slice(0, 16);
}

export interface Manifest {
  readonly name: string;
  readonly key: string;
  readonly madeAt: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

export const manifestName = 'manifest.json';

/** undefined when there is none; a manifest is written before its part gets its name, so it is always whole. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Manifest;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
