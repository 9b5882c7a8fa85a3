import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** What this room reads of a package.json in the checkout. */
export interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly sideEffects?: boolean;
  readonly backstage: { readonly role: string };
  readonly [field: string]: unknown;
}

/** A plugin of the portal in the checkout. */
export interface Plugin {
  readonly folder: string;
  readonly manifest: SourceManifest;
  /** Source files by the name of their entry: `index`, `legacy`. */
  readonly entries: Readonly<Record<string, string>>;
}

/** Every plugin that is published. */
export async function publishedPlugins(): Promise<readonly Plugin[]> {
  const folders = (await readdir(join(root, 'plugins'))).sort();
  const plugins = await Promise.all(folders.map(name => readPlugin(join(root, 'plugins', name))));
  return plugins.filter(plugin => !plugin.manifest.private);
}

export async function readPlugin(folder: string): Promise<Plugin> {
  const manifest = await readManifest(folder);
  const entries = Object.entries(manifest.exports ?? {}).filter(([, path]) => /\.tsx?$/.test(path));
  return {
    folder,
    manifest,
    entries: Object.fromEntries(
      entries.map(([name, path]) => [name === '.' ? 'index' : name.slice('./'.length), join(folder, path)]),
    ),
  };
}

/** The manifest of the package that a source file belongs to. */
export async function manifestOf(file: string): Promise<SourceManifest> {
  for (let folder = dirname(file); folder.startsWith(root); folder = dirname(folder)) {
    const manifest = await readManifest(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (manifest) return manifest;
  }
  throw new Error(`${file} is in no package.`);
}

async function readManifest(folder: string): Promise<SourceManifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as SourceManifest;
}
