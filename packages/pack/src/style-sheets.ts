import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from './plugin.ts';

/** Name of the style sheet beside the compiled code. */
export const styleSheet = 'styles.css';

/**
 * Puts all CSS modules into one style sheet, which each module imports for itself: esbuild would leave the styles of code that
 * is loaded later to whoever loads it.
 * @param add gets the styles of each module
 */
export const styleSheets = (add: (file: string, css: string) => void): Plugin => ({
  name: 'style-sheets',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^\\./${styleSheet}$`) }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /\.module\.css$/ }, async ({ path }) => {
      const { names, css } = await compiledModule(path);
      add(path, css);
      return { contents: `import './${styleSheet}';\n${names}`, loader: 'js' };
    });
  },
});

async function compiledModule(path: string): Promise<{ names: string; css: string }> {
  // esbuild begins each class with the name of its file, which no other plugin may have
  const uniqueName = `fairway-${relative(root, path).replaceAll('/', '-')}`;
  const result = await build({
    stdin: { contents: "export { default } from 'styles';" },
    bundle: true,
    write: false,
    outdir: '/',
    format: 'esm',
    logLevel: 'warning',
    plugins: [
      {
        name: 'one-css-module',
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^styles$/ }, () => ({ path: uniqueName, namespace: 'styles' }));
          onLoad({ filter: /.*/, namespace: 'styles' }, async () => ({
            contents: await readFile(path, 'utf8'),
            loader: 'local-css',
          }));
        },
      },
    ],
  });
  const output = (extension: string) => result.outputFiles.find(file => file.path.endsWith(extension))?.text ?? '';
  return { names: output('.js'), css: output('.css') };
}
