import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { isOurs } from './package-name.ts';
import { type Plugin, root } from './plugin.ts';

export interface Declarations {
  /** Content by path below dist/. */
  readonly files: ReadonlyMap<string, string>;
  /** What the declarations import from other packages. */
  readonly specifiers: readonly string[];
}

/** One declaration file for each entry of a plugin, with the types of our own packages in it. */
export async function declare(plugin: Plugin): Promise<Declarations> {
  const inBrowser = plugin.manifest.backstage.role === 'frontend-plugin';
  const bundle = await rollup({
    input: { ...plugin.entries },
    external: specifier => /^[^./]/.test(specifier) && !isOurs(specifier),
    plugins: [
      {
        name: 'ours',
        // by itself the next plugin takes what is found through node_modules for somebody else's
        resolveId: id => (isOurs(id) ? fileURLToPath(import.meta.resolve(id)) : undefined),
      },
      dts({
        tsconfig: join(root, inBrowser ? 'packages/app/tsconfig.json' : 'tsconfig.json'),
        // they are checked where the sources are
        compilerOptions: { noEmit: false, noCheck: true },
      }),
    ],
  });
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: '[name].d.ts',
  });
  await bundle.close();
  const chunks = output.filter(file => file.type === 'chunk');
  const own = new Set(chunks.map(chunk => chunk.fileName));
  return {
    files: new Map(chunks.map(chunk => [chunk.fileName, chunk.code])),
    specifiers: [...new Set(chunks.flatMap(chunk => [...chunk.imports, ...chunk.dynamicImports]))].filter(
      specifier => !own.has(specifier),
    ),
  };
}
