import { kindsOf } from './compiled.ts';
import type { Plugin } from './plugin.ts';

/** Fields that are for the checkout alone, or are written anew. */
const leftOut = ['type', 'exports', 'dependencies', 'devDependencies', 'files', 'scripts', 'sideEffects'];

/** What changesets write of each version; npm packs it only where it is named. */
export const changelog = 'CHANGELOG.md';

/** The package.json that is published: it names the compiled files, and needs what they import. */
export function publishedManifest(plugin: Plugin, dependencies: Readonly<Record<string, string>>): object {
  const { manifest } = plugin;
  const names = Object.keys(plugin.entries);
  const kept = Object.fromEntries(Object.entries(manifest).filter(([field]) => !leftOut.includes(field)));
  return {
    ...kept,
    ...(manifest.sideEffects === false ? { sideEffects: ['*.css'] } : {}),
    main: `./dist/index${kindsOf(plugin).at(-1)!.ending}`,
    types: './dist/index.d.ts',
    exports: {
      ...Object.fromEntries(names.map(name => [name === 'index' ? '.' : `./${name}`, conditions(plugin, name)])),
      './package.json': './package.json',
    },
    // for TypeScript that does not read `exports`
    typesVersions: {
      '*': Object.fromEntries([
        ...names.map(name => [name, [`dist/${name}.d.ts`]]),
        ['package.json', ['package.json']],
      ]),
    },
    dependencies,
    files: ['dist', changelog, ...otherFiles(plugin)],
  };
}

/** What goes into the package as it lies in the checkout. */
export const otherFiles = ({ manifest }: Plugin) =>
  (manifest.files ?? []).filter(name => name !== 'src' && name !== 'config.d.ts');

function conditions(plugin: Plugin, name: string): Readonly<Record<string, string>> {
  const kinds = kindsOf(plugin);
  const [first, second] = kinds.map(kind => `./dist/${name}${kind.ending}`);
  const types = `./dist/${name}.d.ts`;
  if (second) return { types, import: first!, require: second, default: second };
  return { types, [kinds[0]!.format === 'esm' ? 'import' : 'require']: first!, default: first! };
}
