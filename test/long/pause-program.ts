import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from '../e2e/platform.ts';

/**
 * Stops a program of the platform without ending it, while `body` runs: whoever asks it gets no answer, which is worse than a connection
 * that is refused.
 * @param part of its command line
 */
export async function pauseProgram(part: string, body: () => Promise<void>): Promise<void> {
  // the folder of the platform tells its programs from those of another one
  const state = dirname(platform.prometheus.directory);
  const pids = readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && matches(pid, part, state));
  if (pids.length !== 1) throw new Error(`${pids.length} programs of ${state} have ${part} in their command line.`);
  process.kill(pids[0]!, 'SIGSTOP');
  try {
    await body();
  } finally {
    process.kill(pids[0]!, 'SIGCONT');
  }
}

function matches(pid: number, part: string, state: string): boolean {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return line.includes(part) && line.includes(state);
  } catch {
    // it ended meanwhile
    return false;
  }
}
