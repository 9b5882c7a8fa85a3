import { copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compile } from './compiled.ts';
import { declare } from './declarations.ts';
import { dependenciesOf } from './dependencies.ts';
import { type Plugin, root } from './plugin.ts';
import { changelog, otherFiles, publishedManifest } from './published-manifest.ts';

/** Writes what is published of a plugin into a folder, from which `npm pack` makes the package. */
export async function stage(plugin: Plugin, folder: string): Promise<void> {
  const [compiled, declarations] = await Promise.all([compile(plugin), declare(plugin)]);
  const dependencies = await dependenciesOf(plugin, {
    code: compiled.imports,
    declarations: declarations.specifiers,
  });
  for (const [path, content] of [...compiled.files, ...declarations.files]) {
    const file = join(folder, 'dist', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  // a plugin that was never released has no changelog
  const texts = (await readdir(plugin.folder)).filter(name => name === 'README.md' || name === changelog);
  for (const name of [...otherFiles(plugin), ...texts])
    await cp(join(plugin.folder, name), join(folder, name), { recursive: true });
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const manifest = publishedManifest(plugin, dependencies);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
