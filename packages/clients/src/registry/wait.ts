import { setTimeout as sleep } from 'node:timers/promises';
import { secondsOfRetryAfter } from '../retry-after.ts';

/** How often something is asked for that fails in a way that may pass. */
export const attempts = 4;

/** Longest that a registry may ask a client to wait, in seconds; with more it is an error that says so. */
const longestWait = 120;

/** Whether an answer asks to come back, and soon enough to wait for it. */
export function isWorthWaiting(response: Response, attempt: number): boolean {
  return attempt < attempts && (retryAfter(response) ?? 0) <= longestWait;
}

/** Waits as long as an answer asks to, or before the next attempt as long as clients agree on. */
export async function untilNext(attempt: number, signal: AbortSignal, response?: Response): Promise<void> {
  const wait = response && retryAfter(response);
  // full jitter: clients that failed together do not come back together
  await sleep(wait === undefined ? Math.random() * 250 * 2 ** attempt : wait * 1000, undefined, { signal });
}

function retryAfter(response: Response): number | undefined {
  return secondsOfRetryAfter(response.headers.get('retry-after'), Date.now());
}
