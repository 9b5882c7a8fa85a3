import { readdirSync, readFileSync } from 'node:fs';

/** What a request passes or asks, by a part of the command line. */
const programs = {
  gateway: 'envoy',
  firewall: 'waf',
  cache: '/services/cache.mjs',
  Redis: 'redis-server',
  limits: 'ratelimit',
};

export type Program = keyof typeof programs;

/** Linux counts in hundredths of a second for every program, whatever the kernel's own clock is. */
const millisecondsOfTick = 10;

/**
 * Milliseconds of processor time that each program of the path has used so far, in all pods of one platform.
 * @param first process of that platform, as the machine counts
 */
export function processorTime(first: number): Readonly<Record<Program, number>> {
  const found = new Map<number, Process>();
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    const one = processOf(pid);
    if (one) found.set(pid, one);
  }
  const below = (pid: number): boolean => {
    const one = found.get(pid);
    return pid === first || (one !== undefined && below(one.parent));
  };
  const sum = (part: string) =>
    [...found].reduce((ticks, [pid, one]) => (runs(one, part) && below(pid) ? ticks + one.ticks : ticks), 0);
  return Object.fromEntries(
    Object.entries(programs).map(([name, part]) => [name, sum(part) * millisecondsOfTick]),
  ) as Record<Program, number>;
}

interface Process {
  readonly command: readonly string[];
  readonly parent: number;
  readonly ticks: number;
}

function runs({ command: [program = '', ...more] }: Process, part: string): boolean {
  return part.startsWith('/') ? more.includes(part) : program.split('/').at(-1) === part;
}

function processOf(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name in brackets may hold blanks; proc(5): parent is field 4, user and system time are fields 14 and 15
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
    };
  } catch {
    // it ended meanwhile
    return undefined;
  }
}
