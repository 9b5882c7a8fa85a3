import { join, relative } from 'node:path';
import { build, type Format, type Metafile, type Plugin as EsbuildPlugin } from 'esbuild';
import { isOurs } from './package-name.ts';
import { type Plugin, root } from './plugin.ts';
import { styleSheet, styleSheets } from './style-sheets.ts';

export interface Compiled {
  /** Content by path below dist/. */
  readonly files: ReadonlyMap<string, string>;
  /** Every import of another package, and the source file that has it. */
  readonly imports: readonly { readonly specifier: string; readonly importer: string }[];
}

interface Kind {
  readonly format: Format;
  /** Ending of the files. */
  readonly ending: string;
}

/** What each role of Backstage is compiled to; the names are those of Backstage's own packages. */
const kinds: Readonly<Record<string, readonly Kind[]>> = {
  'frontend-plugin': [{ format: 'esm', ending: '.esm.js' }],
  'backend-plugin': [{ format: 'cjs', ending: '.cjs.js' }],
  'backend-plugin-module': [{ format: 'cjs', ending: '.cjs.js' }],
  // Node takes an ES module for one by this ending alone
  'common-library': [
    { format: 'esm', ending: '.mjs' },
    { format: 'cjs', ending: '.cjs.js' },
  ],
};

export function kindsOf({ manifest }: Plugin): readonly Kind[] {
  const found = kinds[manifest.backstage.role];
  if (!found) throw new Error(`${manifest.name}: nothing is known of how to pack the role ${manifest.backstage.role}.`);
  return found;
}

/** The JavaScript of a plugin with our own packages in it; those of others stay imports. */
export async function compile(plugin: Plugin): Promise<Compiled> {
  const files = new Map<string, string>();
  const imports: { specifier: string; importer: string }[] = [];
  for (const kind of kindsOf(plugin)) {
    const styles = new Map<string, string>();
    const inBrowser = plugin.manifest.backstage.role === 'frontend-plugin';
    const outdir = join(plugin.folder, 'dist');
    const result = await build({
      absWorkingDir: root,
      entryPoints: plugin.entries,
      outdir,
      write: false,
      bundle: true,
      metafile: true,
      sourcemap: true,
      format: kind.format,
      outExtension: { '.js': kind.ending },
      // all in one folder: the code finds ../package.json and its style sheet from there
      chunkNames: '[name]-[hash]',
      splitting: inBrowser,
      // for 'node' esbuild adds the names of the exports, by which Node imports them from an ES module
      platform: inBrowser ? 'browser' : 'node',
      target: inBrowser ? 'es2022' : 'node20',
      jsx: 'automatic',
      logLevel: 'warning',
      plugins: [styleSheets((file, css) => styles.set(file, css)), othersAreImports],
    });
    for (const file of result.outputFiles) files.set(relative(outdir, file.path), file.text);
    if (styles.size > 0)
      files.set(
        styleSheet,
        [...styles]
          .sort()
          .map(([, css]) => css)
          .join('\n'),
      );
    imports.push(...importsOf(result.metafile));
  }
  return { files, imports };
}

const othersAreImports: EsbuildPlugin = {
  name: 'others-are-imports',
  setup({ onResolve, resolve }) {
    const resolving = Symbol();
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === resolving || from.kind === 'entry-point') return undefined;
      // what is not used is not imported: nothing that we import is for its effects alone
      if (!isOurs(path)) return { path, external: true, sideEffects: false };
      return { ...(await resolve(path, { ...from, pluginData: resolving })), sideEffects: false };
    });
    onResolve({ filter: /^\.\.\/package\.json$/ }, ({ path }) => ({ path, external: true }));
  },
};

function importsOf(metafile: Metafile): { specifier: string; importer: string }[] {
  const left = new Set(
    Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(i => i.external).map(i => i.path)),
  );
  return Object.entries(metafile.inputs).flatMap(([importer, { imports }]) =>
    imports
      .filter(i => i.external && left.has(i.path))
      .map(i => ({ specifier: i.path, importer: join(root, importer) })),
  );
}
