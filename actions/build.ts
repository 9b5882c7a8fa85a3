/**
 * Bundles the actions into actions/dist/, which is committed, so that `uses:` needs no installation: one small entry an
 * action, shared chunks, and heavy clients in chunks that are read only where a stage imports them. `--check` writes
 * nothing and exits with 1 when the committed files differ from a fresh bundle.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { stageOrder } from '@fairway/stage';
import { licenseTexts } from './license-texts.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'actions/dist');
/** A `uses:` step downloads the repository's archive on every run. */
const sizeLimit = 4 * 2 ** 20;

/**
 * @actions/core brings an HTTP stack for its OIDC tokens, which no stage asks for: 400 kB that would be read before the
 * first input is.
 */
const withoutOidcTokens: Plugin = {
  name: 'without-oidc-tokens',
  setup(build) {
    build.onLoad({ filter: /@actions\/core\/lib\/oidc-utils\.js$/ }, () => ({
      contents:
        "export class OidcClient { static getIDToken() { throw new Error('OIDC tokens are left out of the bundles: see actions/build.ts') } }",
    }));
  },
};

/** Requests to clusters are sent by Node's own https, with what the kubeconfig says; the client library's HTTP stack would be 730 kB. */
const withoutClusterFetch: Plugin = {
  name: 'without-cluster-fetch',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ importer }) =>
      /@kubernetes\/client-node\//.test(importer) ? { path: 'undici', namespace: 'left-out' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'left-out' }, () => ({
      contents: `const leftOut = () => { throw new Error('undici is left out of the bundles: see actions/build.ts') };
export class Agent { constructor() { leftOut() } }
export class ProxyAgent extends Agent {}
export const fetch = leftOut;`,
    }));
  },
};

/** undici parses HTTP with SIMD where the processor has it, and every x86 has since 2008; the other parser would be 65 kB. */
const withoutPlainParser: Plugin = {
  name: 'without-plain-parser',
  setup(build) {
    // what Jest starts asks for it also where it is not used, so it is empty and throws nothing
    build.onLoad({ filter: /undici\/lib\/llhttp\/llhttp-wasm\.js$/ }, () => ({
      contents: 'module.exports = Buffer.alloc(0)',
    }));
  },
};

async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: {
      ...Object.fromEntries(
        [
          ...stageOrder,
          'comment',
          'fix-source',
          'list-served',
          'propose-fix',
          'raise-alerts',
          'report',
          'rescan',
          'rollback',
        ].map(name => [name, `actions/${name}/src/action.ts`]),
      ),
      // the generator starts it as a thread of its own
      'load-worker': 'packages/load/src/load-worker.ts',
    },
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    chunkNames: 'chunk-[hash]',
    legalComments: 'none',
    metafile: true,
    plugins: [withoutOidcTokens, withoutClusterFetch, withoutPlainParser],
    logLevel: 'warning',
    // compiled add-ons that ssh2 does without; a tokenizer is an option of `fairway load` alone
    external: ['cpu-features', '*.node', '@huggingface/tokenizers'],
    alias: { 'make-fetch-happen': join(root, 'packages/clients/src/sigstore/plain-fetch.cjs') },
    banner: {
      // what CommonJS packages expect to find
      js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
    },
  });
  const files = new Map(result.outputFiles.map(file => [relative(folder, file.path), file.contents]));
  const text = new TextEncoder();
  files.set('package.json', text.encode('{ "type": "module" }\n'));
  files.set('licenses.txt', text.encode(await licenseTexts(packageFolders(result.metafile))));
  return files;
}

/** Folders of the packages, by name and relative to the root, whose code is in the bundle. */
function packageFolders(metafile: Metafile): readonly string[] {
  const folders = Object.keys(metafile.inputs).flatMap(
    input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  );
  return [...new Set(folders)].sort().map(path => join(root, path));
}

async function committed(): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async path => [relative(folder, path), await readFile(path)] as const)));
}

function differences(fresh: ReadonlyMap<string, Uint8Array>, old: ReadonlyMap<string, Uint8Array>): string[] {
  return [...new Set([...fresh.keys(), ...old.keys()])].filter(name => {
    const [a, b] = [fresh.get(name), old.get(name)];
    return !a || !b || Buffer.compare(a, b) !== 0;
  });
}

const fresh = await bundle();
const bytes = [...fresh.values()].reduce((sum, content) => sum + content.byteLength, 0);
const mebibytes = (bytes / 2 ** 20).toFixed(2);
if (bytes > sizeLimit) {
  process.stderr.write(
    `The bundles have ${mebibytes} MiB, more than ${sizeLimit / 2 ** 20} MiB: find what came in and load it only where it is used.\n`,
  );
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  const changed = differences(fresh, await committed());
  if (changed.length > 0) {
    process.stderr.write(
      `actions/dist is not what the sources build (${changed.join(', ')}). Run npm run build and commit the result.\n`,
    );
    process.exitCode = 1;
  }
} else {
  const next = `${folder}.new`;
  await rm(next, { recursive: true, force: true });
  for (const [name, content] of fresh) {
    await mkdir(join(next, name, '..'), { recursive: true });
    await writeFile(join(next, name), content);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(next, folder);
  process.stdout.write(`actions/dist: ${fresh.size} files, ${mebibytes} MiB.\n`);
}
