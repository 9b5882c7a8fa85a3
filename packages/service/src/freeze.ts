import { Cron } from 'croner';
import type { Service } from './schema.ts';

export interface Freeze {
  readonly until: Date;
  readonly reason: string;
}

/** The freeze that a moment lies in; of several the one that ends last. Undefined when a release may run. */
export function freezeAt(release: Pick<Service['release'], 'freeze'>, now: Date): Freeze | undefined {
  const running = release.freeze.flatMap(({ schedule, hours, timeZone, reason }) => {
    const [began] = new Cron(schedule, { timezone: timeZone }).previousRuns(1, new Date(now.getTime() + 1000));
    const until = new Date((began?.getTime() ?? 0) + hours * 3_600_000);
    return until > now ? [{ until, reason }] : [];
  });
  return running.sort((a, b) => b.until.getTime() - a.until.getTime())[0];
}

/** What is wrong with a schedule or a time zone; undefined when nothing is. */
export function scheduleProblem(schedule: string, timeZone: string): string | undefined {
  try {
    const next = new Cron(schedule, { timezone: timeZone, mode: '5-part' }).nextRun();
    return next ? undefined : 'no such day ever comes';
  } catch (error) {
    return (error as Error).message;
  }
}
