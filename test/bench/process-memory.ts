import { readdir, readFile } from 'node:fs/promises';

/** @param first processes, as the machine counts; default: this one @returns what they started, and that in turn */
export async function descendants(first: readonly number[] = [process.pid]): Promise<ReadonlySet<number>> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(ended);
    // the name of the program is in parentheses and may hold anything
    if (stat !== undefined) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (first.includes(parents.get(pid) ?? 0) || isOurs(parents.get(pid)));
  return new Set([...parents.keys()].filter(isOurs));
}

/** Bytes of main memory of processes; what several share counts once. One that ended has none. */
export async function memoryOf(processes: Iterable<number>): Promise<number> {
  let kibibytes = 0;
  for (const pid of processes) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(ended);
    kibibytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup ?? '')?.[1] ?? 0);
  }
  return kibibytes * 1024;
}

function ended(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
}
