/**
 * What npm runs in the folder of a plugin before and after it packs or publishes it: `prepack` puts the compiled package there and
 * `postpack` takes it away, so that `npm pack`, `npm publish` and changesets work as in any repository.
 */
import { access, cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlugin } from './plugin.ts';
import { stage } from './staged.ts';

const folder = process.cwd();
const manifest = join(folder, 'package.json');
const source = join(folder, 'package.json.source');

if (process.argv[2] === 'prepack') {
  // one that broke off
  if (await exists(source)) await takeAway();
  const staged = await mkdtemp(join(tmpdir(), 'fairway-pack-'));
  try {
    await stage(await readPlugin(folder), staged);
    await rename(manifest, source);
    for (const name of ['package.json', 'dist', 'LICENSE'])
      await cp(join(staged, name), join(folder, name), { recursive: true });
  } finally {
    await rm(staged, { recursive: true });
  }
} else await takeAway();

async function takeAway(): Promise<void> {
  await rename(source, manifest);
  for (const name of ['dist', 'LICENSE']) await rm(join(folder, name), { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
