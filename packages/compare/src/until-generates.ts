import { setTimeout as sleep } from 'node:timers/promises';
import { openInference, requestBody } from '@fairway/clients/inference/index';

/** Milliseconds between two questions to an engine that does not answer yet, and until one answer is given up. */
const pause = 250;
const patience = 60_000;

/**
 * Waits until an engine answers a chat with a token: some answer health checks and list models before they can.
 * @param ended why the engine ended, once it did
 * @returns undefined when it generates, else why it does not, in a sentence
 */
export async function untilGenerates(
  url: string,
  model: string,
  {
    seconds,
    ended,
    signal,
  }: { readonly seconds: number; readonly ended: () => string | undefined; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const until = performance.now() + seconds * 1000;
  const body = requestBody({
    api: 'chat',
    model,
    messages: [{ role: 'user', content: 'Say something.' }],
    maxTokens: 2,
    stream: true,
  });
  let last = 'nothing listens';
  for (;;) {
    signal.throwIfAborted();
    const endpoint = openInference(url);
    const { error } = await endpoint.exchange({
      api: 'chat',
      body,
      headers: {},
      timeout: patience,
      end: 'any',
      wantsText: false,
    }).outcome;
    endpoint.close();
    if (!error) return undefined;
    last = `${error.kind}: ${error.detail}`;
    const end = ended();
    if (end !== undefined) return end;
    if (performance.now() > until) return `it did not generate within ${seconds} s; the last answer was ${last}`;
    await sleep(pause, undefined, { signal });
  }
}
