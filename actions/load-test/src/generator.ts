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
}

export interface Sent {
  readonly warmUp: boolean;
  /** Milliseconds on the endpoint's clock. */
  readonly scheduledAt: number;
  readonly outcome: StreamOutcome;
}

/** Sends every request when the plan says, whatever the answers do, and waits for all of them to end. */
export async function generate(
  endpoint: InferenceEndpoint,
  plan: readonly PlannedRequest[],
  options: GeneratorOptions,
): Promise<readonly Sent[]> {
  const start = options.now();
  const running: Promise<Sent>[] = [];
  let ended = 0;
  for (const planned of plan) {
    const scheduledAt = start + planned.at;
    // a timer may fire a little before its time: a request never leaves before its schedule
    for (let wait = scheduledAt - options.now(); wait > 0; wait = scheduledAt - options.now()) {
      await sleep(Math.ceil(wait), undefined, { signal: options.signal });
    }
    options.signal.throwIfAborted();
    const sent = sendOne(endpoint, planned, scheduledAt, options);
    // a rejection is reported by Promise.all below; until then it must not count as unhandled
    sent.then(
      () => ended++,
      () => ended++,
    );
    running.push(sent);
    options.progress(`${running.length} of ${plan.length} requests sent, ${running.length - ended} running`);
  }
  return Promise.all(running);
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
