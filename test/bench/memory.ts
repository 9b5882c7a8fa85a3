/**
 * npm run bench -- memory: the main memory of the platform that is up, program by program, with the portal where it runs and the services that
 * were delivered to it. What several processes share counts once. Prints a table; the last line is one JSON object.
 */
import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { platformFolders } from '@fairway/platform/folders';
import { descendants, memoryOf } from './process-memory.ts';

/** Folders of the state, each of a group of processes that was started together. */
const groups = ['services', 'cluster', 'alertmanager', 'portal'];
const mebibyte = 1024 ** 2;

export async function memoryBench(): Promise<void> {
  const { state } = platformFolders();
  const first = (await Promise.all(groups.map(group => startedAs(join(state, group))))).flat();
  if (first.length === 0) throw new Error('There is no platform up: fairway platform up starts one.');
  const bytes = new Map<string, number>();
  for (const pid of [...first, ...(await descendants(first))]) {
    const name = await programOf(pid);
    bytes.set(name, (bytes.get(name) ?? 0) + (await memoryOf([pid])));
  }
  const programs = [...bytes].sort(([, one], [, other]) => other - one);
  const whole = programs.reduce((sum, [, each]) => sum + each, 0);
  for (const [name, each] of [...programs, ['all', whole] as const])
    process.stdout.write(`| ${name} | ${Math.round(each / mebibyte)} |\n`);
  process.stdout.write(`${JSON.stringify({ platform_mib: Math.round(whole / mebibyte) })}\n`);
}

async function startedAs(folder: string): Promise<number[]> {
  try {
    return [(JSON.parse(await readFile(join(folder, 'process.json'), 'utf8')) as { pid: number }).pid];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
}

/** What an interpreter runs, else the program. A process that ended meanwhile has no memory either. */
async function programOf(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const program = basename(await readlink(`/proc/${pid}/exe`).catch(() => 'other'));
  const given = command.split('\0').filter(one => /^[^-].*\./.test(one));
  if (program === 'java') return given.at(-1)?.split('.').at(-1) ?? program;
  return program === 'node' ? basename(given.find(one => /\.[cm]?[jt]s$/.test(one)) ?? program) : program;
}
