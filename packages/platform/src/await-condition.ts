import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '@fairway/clients/tool-error';

export interface Wait {
  /** Tool that an error names: "kubernetes", "registry". */
  readonly tool: string;
  /** What is awaited: "the API server to answer /readyz". */
  readonly what: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
  /**
   * Gives true when it is so, otherwise how it is now. A throw is an answer of "not yet" too.
   * @param within ends when the wait ends, and after five seconds: a program that hangs answers nobody
   */
  check(within: AbortSignal): Promise<true | string>;
  /** What the program said last, for the error. */
  said?(): Promise<string>;
  readonly advice?: string;
}

/** @throws ToolError when the deadline passes, with the last answer and the program's last lines */
export async function awaitCondition(wait: Wait): Promise<void> {
  const deadline = Date.now() + wait.seconds * 1000;
  let answer = '';
  for (;;) {
    wait.signal.throwIfAborted();
    try {
      const now = await wait.check(AbortSignal.any([wait.signal, AbortSignal.timeout(5000)]));
      if (now === true) return;
      answer = now;
    } catch (error) {
      answer = explain(error);
    }
    if (Date.now() > deadline) {
      const said = (await wait.said?.()) ?? '';
      throw new ToolError(
        wait.tool,
        `waiting for ${wait.what}`,
        `no success within ${wait.seconds} s`,
        [answer, said].filter(Boolean).join('\n'),
        wait.advice,
      );
    }
    await sleep(100, undefined, { signal: wait.signal });
  }
}

/** fetch hides the reason of a failed connection in `cause`. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
