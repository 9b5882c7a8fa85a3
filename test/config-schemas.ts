/**
 * Checks that config.schema.json of every package follows its config.d.ts; `--write` writes it. The portal reads the JSON:
 * with the declarations it would load two TypeScript compilers whenever it starts, and keep them.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadConfigSchema } from '@backstage/config-loader';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..');
const packages = [
  ...['packages/app', 'packages/backend', 'plugins/fairway-backend'],
  ...['plugins/catalog-backend-module-fairway', 'plugins/scaffolder-backend-module-fairway'],
];

const folder = await mkdtemp(join(tmpdir(), 'fairway-config-schemas-'));
try {
  const schema = await loadConfigSchema({ dependencies: [], packagePaths: await Promise.all(packages.map(standIn)) });
  const { schemas } = schema.serialize() as { schemas: { packageName: string; value: object }[] };
  const outdated: string[] = [];
  for (const { packageName, value } of schemas) {
    if (!packages.includes(packageName)) continue;
    const path = join(root, packageName, 'config.schema.json');
    const wanted = await format(JSON.stringify(value), { ...(await resolveConfig(path)), filepath: path });
    if ((await readFile(path, 'utf8').catch(() => '')) === wanted) continue;
    outdated.push(relative(root, path));
    if (process.argv.includes('--write')) await writeFile(path, wanted);
  }
  if (outdated.length > 0 && !process.argv.includes('--write')) {
    process.stderr.write(
      `${outdated.join(', ')}: not what config.d.ts says; node test/config-schemas.ts --write makes it so.\n`,
    );
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true });
}

/** A package that names the declarations as its schema, as Backstage's compiler of schemas wants it. */
async function standIn(path: string): Promise<string> {
  const place = join(folder, path);
  await mkdir(place, { recursive: true });
  const manifest = join(place, 'package.json');
  const configSchema = relative(place, join(root, path, 'config.d.ts'));
  await writeFile(manifest, JSON.stringify({ name: path, version: '0.0.0', configSchema }));
  return manifest;
}
