import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops the processes of a service's pods and lets them go on after a time: requests that come meanwhile wait so long. */
export async function pauseEngine(service: string, milliseconds: number): Promise<void> {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && isOf(pid, service));
  if (pids.length === 0) throw new Error(`No pod of ${service} runs on this machine.`);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await sleep(milliseconds);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** The kubelet gives every container the name of its pod as HOSTNAME. */
function isOf(pid: number, service: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .some(line => line.startsWith(`HOSTNAME=${service}-`));
  } catch {
    // it ended meanwhile
    return false;
  }
}
