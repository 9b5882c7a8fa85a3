import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';
import { systemErrorCode } from './system-error.ts';
import { descriptionText } from './text-file.ts';
import { reasonOf } from './reasons/delivery-reason.ts';

/** Folder beside fairway.yaml that holds one file an environment. */
export const environmentsFolder = 'environments';

/** An environment that needs no file: fairway.yaml as it is. */
const withoutFile = 'production';

/** What an image holds, or what it was judged by: the same in all environments, so that one digest goes through them. */
const ofImage = [
  ['apiVersion'],
  ['kind'],
  ['name'],
  ['owner'],
  ['system'],
  ['engine', 'name'],
  ['model'],
  ['build'],
  ['scan'],
] as const;

/** The key of an overlay that is no key of fairway.yaml: inputs of stages for this environment. */
export const inputsKey = 'inputs';

export interface OverlayFile {
  readonly file: string;
  readonly content: string;
}

/**
 * Reads `environments/<name>.yaml` of a service folder.
 * @returns undefined where the environment has none: the folder has no environments, or it is `production`
 * @throws ConfigurationError for a name that has no file beside those that have
 */
export async function readOverlay(folder: string, name: string): Promise<OverlayFile | undefined> {
  const files = await filesOfEnvironments(folder);
  if (files.includes(`${name}.yml`))
    throw new ConfigurationError(
      reasonOf('environment.suffix', {
        file: join(folder, environmentsFolder, `${name}.yml`),
        right: `${name}.yaml`,
      }),
    );
  const there = files.filter(one => one.endsWith('.yaml')).map(one => one.slice(0, -'.yaml'.length));
  if (there.includes(name)) {
    const file = join(folder, environmentsFolder, `${name}.yaml`);
    return { file, content: await descriptionText(file) };
  }
  const other = there.find(one => one.toLowerCase() === name.toLowerCase());
  if (other !== undefined)
    throw new ConfigurationError(
      reasonOf('environment.letters', {
        file: join(folder, environmentsFolder, `${other}.yaml`),
        ...{ environment: name, right: `${name}.yaml`, other },
      }),
    );
  if (there.length === 0 || name === withoutFile) return undefined;
  throw new ConfigurationError(
    reasonOf('environment.none', {
      ...{ environment: name, folder: join(folder, environmentsFolder), without: withoutFile, right: `${name}.yaml` },
      files: there.map(one => `${one}.yaml`).join(', '),
    }),
  );
}

async function filesOfEnvironments(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(join(folder, environmentsFolder))).sort();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/**
 * A description with an overlay over it: mappings are merged, all else is replaced, and null takes a key away, so that its default
 * counts. The inputs of the overlay are left out.
 */
export function overlaid(base: unknown, overlay: unknown): unknown {
  if (!isMapping(overlay)) return overlay;
  const merged = isMapping(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(overlay)) {
    if (value === null) delete merged[key];
    else merged[key] = overlaid(merged[key], value);
  }
  return merged;
}

/** Keys of an overlay that no environment may have for itself. */
export function fixedKeys(overlay: unknown): readonly (readonly string[])[] {
  return ofImage.filter(
    path => path.reduce<unknown>((value, key) => (isMapping(value) ? value[key] : undefined), overlay) !== undefined,
  );
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
