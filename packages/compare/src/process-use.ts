import { readdir, readFile } from 'node:fs/promises';
import type { EngineUse } from './running-engine.ts';

/** `USER_HZ`, the unit of times in /proc: 100 on every architecture that Linux runs engines on (proc_pid_stat(5)). */
const ticks = 100;

/** Processor seconds and memory of all processes of a session; memory that they share counts once. */
export async function sessionUse(session: number): Promise<EngineUse> {
  let busy = 0;
  let kibibytes = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await contentOf(`/proc/${name}/stat`);
    // the name of the program is in parentheses and may hold anything
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields?.[3]) !== session) continue;
    // utime, stime, and those of children that have ended and were waited for
    busy += fields!.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
    const share = /^Pss:\s+(\d+) kB/m.exec((await contentOf(`/proc/${name}/smaps_rollup`)) ?? '')?.[1];
    kibibytes += Number(share ?? 0);
  }
  return { busySeconds: busy, memoryGiB: kibibytes / 2 ** 20 };
}

/** Undefined for a process that ended meanwhile. */
async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
