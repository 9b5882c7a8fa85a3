import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '../build/part-files.ts';

/** The folder of this project: the portal runs from its sources. */
export const projectFolder = join(import.meta.dirname, '../../../..');

const common = ['package-lock.json', 'app-config.yaml', 'plugins/fairway-common', 'packages/service', 'packages/stage'];
/** What the frontend is built from. */
export const frontendSources: readonly string[] = [...common, 'packages/app', 'plugins/fairway'];
/** What the backend is. */
export const backendSources: readonly string[] = [
  ...common,
  'packages/backend',
  'packages/clients',
  'plugins/fairway-backend',
  'plugins/catalog-backend-module-fairway',
  'plugins/scaffolder-backend-module-fairway',
];

/** One digest over the content of files and folders of the project. */
export async function contentKey(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    const place = join(projectFolder, path);
    if (!existsSync(place)) throw new Error(`${place} is not there, though the portal is made of it.`);
    hash.update(`${path}\n`);
    if (/\.(json|yaml)$/.test(path)) hash.update(await readFile(place));
    else hash.update(JSON.stringify(await listFiles(place, notDecisive)));
  }
  return hash.digest('hex');
}

function notDecisive(path: string): boolean {
  return path.startsWith('dist/') || path.startsWith('node_modules/') || /\.test\.tsx?$/.test(path);
}
