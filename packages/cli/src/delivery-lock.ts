import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@fairway/service';
import { recordFolder } from '@fairway/stage';

/**
 * Keeps a second delivery of the same folder out while one runs. A lock left by a process that is gone is taken over.
 * @returns the function that gives the lock back
 */
export async function lockDelivery(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, recordFolder, 'lock');
  await mkdir(join(folder, recordFolder), { recursive: true });
  // linked when its content is whole, so that nobody sees a lock without an owner
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, String(process.pid));
    await takeLock(path, draft, folder);
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(path, { force: true });
}

async function takeLock(path: string, draft: string, folder: string): Promise<void> {
  for (;;) {
    try {
      return await link(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (owner > 0 && runs(owner)) {
      throw new ConfigurationError(
        `Another delivery of ${folder} is running as process ${owner}. Wait for it to end, or stop it with Ctrl-C; its finished stages are kept.`,
      );
    }
    await rm(path, { force: true });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
