import { open, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockTimes {
  /** Milliseconds between two signs of life of the one who has it. */
  readonly beat: number;
  /** Milliseconds without one after which its pod is taken for gone. */
  readonly gone: number;
}

const times: LockTimes = { beat: 5_000, gone: 60_000 };

/**
 * Waits until this pod alone has a file, which pods on other nodes see too. That of a pod that is gone is taken away: clocks of nodes differ, so what
 * counts is how long its time has not changed.
 * @param isNeeded asked each time before it is tried
 * @returns what gives it back; undefined when it is not needed any more
 */
export async function lockFile(
  path: string,
  isNeeded: () => Promise<boolean>,
  signal: AbortSignal,
  { beat, gone }: LockTimes = times,
): Promise<(() => Promise<void>) | undefined> {
  let seen: { readonly time: number; readonly since: number } | undefined;
  while (await isNeeded()) {
    if (await create(path)) {
      // a beat that is lost is no end: the next one counts as well, and pods that see none for long take the file
      const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beat);
      return async () => {
        clearInterval(timer);
        await rm(path, { force: true });
      };
    }
    const time = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (seen?.time !== time) seen = { time, since: performance.now() };
    if (performance.now() - seen.since > gone) await rm(path, { force: true });
    else await sleep(beat / 2, undefined, { signal });
  }
  return undefined;
}

async function create(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
