/**
 * Packs the plugins of the portal as they are published, and checks of each package that the files which it names are in it, that
 * it declares what its code imports and nothing else, that it needs nothing that is not published and no client of Docker or
 * GitHub, that its code loads outside the checkout's sources: backends in Node, the frontend in a bundler, and that its report of
 * the public API is what it exports; `--write` writes the reports.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from '@fairway/pack/packed';
import { packageName } from '@fairway/pack/package-name';
import { type Plugin, publishedPlugins, root } from '@fairway/pack/plugin';
import { build } from 'esbuild';
import typescript from 'typescript';
import { apiReportProblems } from './api-report.ts';

const run = promisify(execFile);
const notInPortals = /^(?:dockerode|ssh2|@octokit\/.*|@actions\/.*|octokit)$/;

interface Published {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly main: string;
  readonly types: string;
  readonly configSchema?: string;
  readonly publishConfig?: { readonly access?: string };
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const problems: string[] = [];
const scratch = await mkdtemp(join(tmpdir(), 'fairway-packed-plugins-'));
try {
  const plugins = await publishedPlugins();
  if (plugins.length === 0) problems.push('No plugin is published.');
  await linkOthersPackages(scratch);
  for (const plugin of plugins) await check(plugin, await unpacked(plugin));
  for (const plugin of plugins)
    problems.push(...(await apiReportProblems(plugin, placeOf(plugin), scratch, process.argv.includes('--write'))));
  await checkChangelog(plugins.find(({ manifest }) => manifest.backstage.role === 'common-library')!);
  // each needs the common package, which is there only now
  for (const plugin of plugins) await load(plugin).catch((error: Error) => problems.push(error.message));
} finally {
  await rm(scratch, { recursive: true });
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
}

/** The packages that the checkout has installed, without those of this repository. */
async function linkOthersPackages(folder: string): Promise<void> {
  const installed = join(root, 'node_modules');
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(installed))
    if (name !== '@fairway' && !name.startsWith('.'))
      await symlink(join(installed, name), join(folder, 'node_modules', name));
}

function placeOf(plugin: Plugin): string {
  return join(scratch, 'node_modules', plugin.manifest.name);
}

async function unpacked(plugin: Plugin): Promise<string> {
  const folder = placeOf(plugin);
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', await pack(plugin, join(scratch, 'packages')), '-C', folder, '--strip-components=1']);
  const own = join(plugin.folder, 'node_modules');
  const names = await readdir(own).catch(() => []);
  if (names.length > 0) await symlink(own, join(folder, 'node_modules'));
  return folder;
}

async function check(plugin: Plugin, folder: string): Promise<void> {
  const { name } = plugin.manifest;
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Published;
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && !entry.parentPath.includes('/node_modules/.'))
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const problem = (text: string) => problems.push(`${name}: ${text}`);

  if (manifest.private || manifest.publishConfig?.access !== 'public') problem('it cannot be published.');
  const named = [
    ...[manifest.main, manifest.types, manifest.configSchema ?? [], 'README.md', 'LICENSE'].flat(),
    ...Object.values(manifest.exports).flatMap(target => (typeof target === 'string' ? target : Object.values(target))),
  ];
  for (const path of named)
    if (!files.includes(path.replace(/^\.\//, '')))
      problem(`${path} is named in package.json and is not in the package.`);
  for (const path of files)
    if (/(?<!\.d)\.tsx?$|\.test\./.test(path)) problem(`${path} is a source, and Node runs none below node_modules.`);

  const imported = await importedBy(folder, files);
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const [specifier, file] of imported) {
    const needed = packageName(specifier);
    if (needed && !(needed in declared)) problem(`${file} imports ${needed}, which package.json does not declare.`);
  }
  const names = new Set([...imported.keys()].map(packageName));
  for (const [dependency, range] of Object.entries(manifest.dependencies)) {
    if (!names.has(dependency)) problem(`${dependency} is declared, and nothing imports it.`);
    if (notInPortals.test(dependency)) problem(`${dependency} has no place in a portal.`);
    if (!/^[~^]?\d/.test(range.split(' || ')[0]!)) problem(`${dependency} is declared as ${range}.`);
  }
}

/** Whoever upgrades looks for what changed in the package; the first release is what makes the file. */
async function checkChangelog(plugin: Plugin): Promise<void> {
  const folder = join(scratch, 'released');
  await mkdir(folder);
  for (const name of ['README.md', 'CHANGELOG.md']) await writeFile(join(folder, name), `# ${name}\n`);
  const { stdout } = await run('tar', ['-tzf', await pack({ ...plugin, folder }, join(scratch, 'released-packages'))]);
  if (!stdout.split('\n').includes('package/CHANGELOG.md'))
    problems.push(`${plugin.manifest.name}: its CHANGELOG.md is not in the package.`);
}

/** Every import of the compiled code and of the declarations, with a file that has it, as TypeScript reads them. */
async function importedBy(folder: string, files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const file of files.filter(path => /\.(?:m?js|d\.ts)$/.test(path))) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const { fileName } of typescript.preProcessFile(text, true, true).importedFiles) found.set(fileName, file);
  }
  return found;
}

async function load(plugin: Plugin): Promise<void> {
  const { name, backstage } = plugin.manifest;
  if (backstage.role === 'frontend-plugin') {
    const entryPoints = Object.keys(plugin.entries).map(entry => join(placeOf(plugin), 'dist', `${entry}.esm.js`));
    const bundled = await build({
      entryPoints,
      bundle: true,
      write: false,
      outdir: scratch,
      format: 'esm',
      packages: 'external',
      logLevel: 'silent',
    });
    if (!bundled.outputFiles.some(file => file.path.endsWith('.css')))
      problems.push(`${name}: its pages have no styles.`);
    return;
  }
  const wanted = backstage.role === 'common-library' ? 'fairwayReadPermission' : 'default';
  const commonJs = join(scratch, `${basename(plugin.folder)}.cjs`);
  const module = join(scratch, `${basename(plugin.folder)}.mjs`);
  const judge = `if (!loaded[${JSON.stringify(wanted)}]) throw new Error('${name} exports no ${wanted}');`;
  await writeFile(commonJs, `const loaded = require(${JSON.stringify(name)}); ${judge}`);
  await writeFile(module, `import * as loaded from ${JSON.stringify(name)}; ${judge}`);
  for (const file of [commonJs, module]) await run('node', [file], { cwd: scratch });
}
