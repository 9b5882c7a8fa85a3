import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatRequest, InferenceEndpoint, StreamOutcome } from '@fairway/clients/inference/index';
import type { PlannedRequest } from './plan.ts';

export interface GeneratorOptions {
  readonly request: Omit<ChatRequest, 'prompt'>;
  /** Headers of one request; asked for each, so that a token can be renewed. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly expectDone: boolean;
  /** Milliseconds until one request is given up. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** Milliseconds on the endpoint's clock. */
  readonly now: () => number;
  /**
   * Asked once a second with all requests that ended, in the order of the plan up to the first that still runs: a sample of
   * whatever ended so far would hold the quick ones only. True ends the load.
   */
  readonly enough: (ended: readonly Sent[]) => boolean;
  /** Asked when a request is due; one that is not wanted is left out. Default all are. */
  readonly wanted?: () => boolean;
}

export interface Sent {
  readonly warmUp: boolean;
  /** Milliseconds on the endpoint's clock. */
  readonly scheduledAt: number;
  readonly outcome: StreamOutcome;
}

/** Sends every request when the plan says, whatever the answers do, until all have ended or there are enough. */
export async function generate(
  endpoint: InferenceEndpoint,
  plan: readonly PlannedRequest[],
  options: GeneratorOptions,
): Promise<readonly Sent[]> {
  const start = options.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const ended: Sent[] = [];
  const results: (Sent | undefined)[] = [];
  let sent = 0;
  const inOrder = () => {
    for (let next = results[ended.length]; next; next = results[ended.length]) ended.push(next);
    return ended;
  };
  let broken: unknown;
  const look = setInterval(() => {
    options.progress(`${sent} of ${plan.length} requests sent, ${ended.length} ended`);
    if (options.enough(inOrder())) stop.abort();
  }, 1000);
  const running: Promise<void>[] = [];
  try {
    for (const planned of plan) {
      const scheduledAt = start + planned.at;
      // a timer may fire a little before its time: a request never leaves before its schedule
      for (let wait = scheduledAt - options.now(); wait > 0; wait = scheduledAt - options.now()) {
        await sleep(Math.ceil(wait), undefined, { signal });
      }
      signal.throwIfAborted();
      if (options.wanted?.() === false) continue;
      const index = sent++;
      running.push(
        sendOne(endpoint, planned, scheduledAt, { ...options, signal }).then(
          result => {
            results[index] = result;
          },
          (error: unknown) => {
            if (signal.aborted) return;
            broken ??= error;
            stop.abort();
          },
        ),
      );
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await Promise.all(running);
    clearInterval(look);
  }
  options.signal.throwIfAborted();
  if (broken) throw broken;
  return inOrder();
}

async function sendOne(
  endpoint: InferenceEndpoint,
  planned: PlannedRequest,
  scheduledAt: number,
  options: GeneratorOptions,
): Promise<Sent> {
  const headers = await options.headers();
  const outcome = await endpoint.streamChat(
    { ...options.request, prompt: planned.prompt },
    { headers, expectDone: options.expectDone, timeout: options.timeout, signal: options.signal },
  );
  return { warmUp: planned.warmUp, scheduledAt, outcome };
}
