import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What sandboxes with their state in a folder could leave on the machine. */
export async function traces(folder: string) {
  return {
    mounts: (await readFile('/proc/mounts', 'utf8')).split('\n'),
    interfaces: await readdir('/sys/class/net'),
    cgroups: await cgroups(folder),
    processes: await processes(folder),
  };
}

/** Sandboxes name their cgroup after their folder, which is the state folder or one below it. */
async function cgroups(folder: string): Promise<string[]> {
  const names = ['', '/cluster', '/services'].map(below =>
    createHash('sha256').update(`${folder}${below}`).digest('hex').slice(0, 8),
  );
  const found = await readdir('/sys/fs/cgroup', { recursive: true });
  return found.filter(path => names.some(name => path.includes(`-${name}`))).sort();
}

async function processes(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    // processes end while they are looked at
    const command = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    if (command.includes(folder)) found.push(command.replaceAll('\0', ' '));
  }
  return found;
}
