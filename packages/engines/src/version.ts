import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineName } from '@fairway/service/engine-names';
import type { Service } from '@fairway/service';
import { systemErrorCode } from '@fairway/service';
import { requireRegularFile } from '@fairway/service/regular-file';
import { engineProfile } from './profile.ts';

/** What an engine is called where its packages come from. */
const packages: Readonly<Partial<Record<EngineName, string>>> = {
  vllm: 'vllm',
  sglang: 'sglang',
  fastchat: 'fschat',
  transformers: 'transformers',
};

/**
 * The version of the engine that a service is built with, by its Dockerfile, or by the lock file beside that which holds the engine's package.
 * Undefined where neither names one.
 */
export async function engineVersion(folder: string, service: Service): Promise<string | undefined> {
  const engine = service.engine.name;
  const image = versionIn(engine, await textOf(join(folder, service.build.dockerfile)));
  if (image !== undefined) return image;
  const locks = (await readdir(folder)).filter(name => /^(requirements.*\.txt|uv\.lock|poetry\.lock)$/.test(name));
  for (const lock of locks.sort()) {
    const version = versionIn(engine, await textOf(join(folder, lock)));
    if (version !== undefined) return version;
  }
  return undefined;
}

/**
 * `0.24.0` for `FROM vllm/vllm-openai:v0.24.0@sha256:…`, `vllm==0.24.0`, and the entry of a lock file. Undefined where the image is another, or
 * its tag names no version.
 */
export function versionIn(engine: EngineName, text: string): string | undefined {
  const number = String.raw`v?(\d+\.\d+(?:\.\d+)?)`;
  const repository = engineProfile(engine)
    .images?.[0].replace(/^[^/]+\//, '')
    .replace(/:.*$/, '');
  const packaged = packages[engine];
  const forms = [
    ...(repository === undefined ? [] : [String.raw`\b${repository.replaceAll('.', String.raw`\.`)}:${number}`]),
    ...(packaged === undefined
      ? []
      : [String.raw`(?<![\w-])${packaged}==${number}`, String.raw`name = "${packaged}"\s+version = "${number}`]),
  ];
  return forms.map(form => new RegExp(form).exec(text)?.[1]).find(version => version !== undefined);
}

/** Empty where there is no such file: who needs it says so. */
async function textOf(file: string): Promise<string> {
  await requireRegularFile(file);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
