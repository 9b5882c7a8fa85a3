import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '@fairway/clients/tool-error';

const interval = 200;

/**
 * Asks again and again until the answer is true; any other answer says, in half a sentence, what is still missing.
 * @param awaited what is waited for, as in "waiting for …"
 * @param deadline milliseconds
 * @param explain more about the failure, asked once when the deadline has passed
 * @throws ToolError after the deadline, with the last answer
 */
export async function until(
  awaited: string,
  deadline: number,
  signal: AbortSignal,
  ask: () => Promise<true | string>,
  explain?: () => Promise<string>,
): Promise<void> {
  const end = Date.now() + deadline;
  for (;;) {
    const answer = await ask();
    if (answer === true) return;
    if (Date.now() > end) {
      const more = explain ? ` ${await explain()}` : '';
      throw new ToolError('kubernetes', `waiting ${deadline / 1000} s for ${awaited}`, undefined, `${answer}.${more}`);
    }
    await sleep(interval, undefined, { signal });
  }
}
