import { packageName } from './package-name.ts';
import { manifestOf, type Plugin } from './plugin.ts';

export interface Imports {
  /** Those of the compiled code, with the source file that has each. */
  readonly code: readonly { readonly specifier: string; readonly importer: string }[];
  /** Those of the declarations. */
  readonly declarations: readonly string[];
}

type Ranges = Readonly<Record<string, string>>;

/** What the compiled code and its declarations import, with the range that the package which imports it declares. */
export async function dependenciesOf(plugin: Plugin, imports: Imports): Promise<Ranges> {
  const { name: owner, dependencies = {}, peerDependencies = {}, version } = plugin.manifest;
  const found = new Map<string, string>();
  const add = (name: string, range: string) => {
    const other = found.get(name);
    if (other && other !== range)
      throw new Error(
        `${owner}: ${name} is needed as ${other} and as ${range}. Declare one range in its own package.json.`,
      );
    found.set(name, range);
  };
  for (const { specifier, importer } of imports.code) {
    const name = packageName(specifier);
    if (name && !(name in peerDependencies)) add(name, dependencies[name] ?? (await rangeFor(name, importer)));
  }
  for (const specifier of imports.declarations) {
    const name = packageName(specifier);
    if (!name || name in peerDependencies || found.has(name)) continue;
    const range = dependencies[name];
    if (!range) throw new Error(`The declarations of ${owner} import ${name}, which it does not declare.`);
    add(name, range);
  }
  // workspaces name each other by `*`; all plugins have one version
  const published = [...found].map(([name, range]) => [name, range === '*' ? `^${version}` : range] as const);
  return Object.fromEntries(published.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function rangeFor(name: string, importer: string): Promise<string> {
  const { name: owner, dependencies, peerDependencies } = await manifestOf(importer);
  const range = dependencies?.[name] ?? peerDependencies?.[name];
  if (!range) throw new Error(`${importer} imports ${name}, which ${owner} does not declare.`);
  return range;
}
