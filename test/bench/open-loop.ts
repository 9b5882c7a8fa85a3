import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of each request, from the moment at which it was due: one that had to wait for others counts its waiting. */
export async function openLoop(perSecond: number, seconds: number, ask: () => Promise<void>): Promise<number[]> {
  const started = performance.now();
  const times: Promise<number>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = started + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    times.push(ask().then(() => performance.now() - due));
  }
  return Promise.all(times);
}
