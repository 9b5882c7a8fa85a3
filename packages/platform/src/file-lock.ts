import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, runs } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { hasCode } from './has-code.ts';

/**
 * Runs `work` while no other process holds the lock at `path`. A lock whose holder has died is taken over.
 * @param waiting called once when another process holds it
 */
export async function withFileLock<Result>(
  path: string,
  signal: AbortSignal,
  waiting: (holder: number) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await take(path))) {
    const holder = await readHolder(path);
    if (holder && !(await runs(holder))) await rm(path, { force: true });
    else if (holder && !told) {
      waiting(holder.pid);
      told = true;
    }
    await sleep(200, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(JSON.stringify(await identify(process.pid)));
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** undefined while the holder has not written its name yet, or has just let go. */
async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const content = await readFile(path, 'utf8');
    return content === '' ? undefined : (JSON.parse(content) as ProcessIdentity);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
