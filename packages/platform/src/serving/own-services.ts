import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withLibraries } from './libraries.ts';
import type { Contents } from './images.ts';

const sources = join(import.meta.dirname, '..', '..', '..', '..', 'services');
const programs = [
  'activator',
  'ledger',
  'cache',
  'concurrency',
  'release-guard',
  'mesh-identity',
  'mesh-probe',
  'weights',
] as const;

/**
 * Our services that run on Node, in one image: they are small, and Node's binary is in memory once for all of them. Each is one file
 * `/services/<name>.mjs`.
 */
export async function ownServices(): Promise<Contents> {
  const node = '/usr/local/bin/node';
  const { size, mtimeMs } = await stat(process.execPath);
  return {
    source: `node ${process.version} ${size} ${mtimeMs}`,
    files: [...(await withLibraries(node, process.execPath)), ...(await (bundled ??= bundles()))],
    entrypoint: [node],
  };
}

/** Several parts of the platform ask for them in one run. */
let bundled: Promise<Contents['files']> | undefined;

/** One build of all programs: what several of them import, such as the client of Kubernetes, is read and parsed once. */
async function bundles(): Promise<Contents['files']> {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: programs.map(name => ({ in: join(sources, name, 'src/main.ts'), out: name })),
    outdir: '/services',
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    logLevel: 'silent',
    // a faster driver that pg uses where somebody installed it
    external: ['pg-native'],
    // what CommonJS packages expect to find
    banner: {
      js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
    },
  });
  // what it started has hundreds of megabytes in memory, and would stay for as long as the process
  await stop();
  return outputFiles.map(({ path, contents }) => ({ path, content: contents, executable: false }));
}
