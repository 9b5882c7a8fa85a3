import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

const listening = '0A';

/** Who listens on a TCP port of this machine: "nginx (process 812)", or "another process" where /proc does not tell; undefined when nobody does. */
export async function portHolder(port: number): Promise<string | undefined> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'])
    for (const line of (await readOrEmpty(table)).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [local, state, inode] = [fields[1], fields[3], fields[9]];
      if (state === listening && inode && Number.parseInt(local?.split(':')[1] ?? '', 16) === port) inodes.add(inode);
    }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name)))
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(gone([]))) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(gone(''));
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode && inodes.has(inode)) return `${await programName(pid)} (process ${pid})`;
    }
  return 'another process';
}

/** The kernel's own name for a process may be that of a thread. */
async function programName(pid: string): Promise<string> {
  const program = (await readOrEmpty(`/proc/${pid}/cmdline`)).split('\0')[0];
  return program ? basename(program) : (await readOrEmpty(`/proc/${pid}/comm`)).trim();
}

function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(gone(''));
}

/** Processes end while they are looked at, and those of other users do not show their files. */
function gone<Value>(instead: Value): (error: NodeJS.ErrnoException) => Value {
  return error => {
    if (error.code && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return instead;
    throw error;
  };
}
