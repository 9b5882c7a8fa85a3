import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; the signal ends the pause early, which is no failure. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
