import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from './plugin.ts';
import { stage } from './staged.ts';

/** Makes the package of a plugin in a folder, and returns its path. */
export async function pack(plugin: Plugin, destination: string): Promise<string> {
  await mkdir(destination, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'fairway-pack-'));
  try {
    await stage(plugin, folder);
    const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--pack-destination', destination], {
      cwd: folder,
    });
    const [made] = JSON.parse(stdout) as { filename: string }[];
    return join(destination, made!.filename);
  } finally {
    await rm(folder, { recursive: true });
  }
}
