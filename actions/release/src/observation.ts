import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@fairway/service';
import type { InferenceEndpoint, StreamOutcome } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';

/** One request through the route as users send it: the weights decide which version answers. */
export interface Observed {
  /** Undefined when the answer does not say, as with an error of the gateway itself. */
  readonly revision: string | undefined;
  readonly error: string | undefined;
  /** Milliseconds from the sending. */
  readonly timeToFirstToken: number | undefined;
  /** Mean gap between the pieces of the answer. */
  readonly interTokenLatency: number | undefined;
}

export interface ObserveOptions {
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly expectDone: boolean;
  /** Seconds of the step. */
  readonly seconds: number;
  readonly candidate: string;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Answers of the candidate without which a step cannot be judged, and how long they are waited for beyond the step. */
export const leastAnswers = 3;
const patience = 30_000;

/** Sends requests for as long as the step lasts, and on until the candidate has answered a few. */
export async function observe(
  endpoint: InferenceEndpoint,
  service: Service,
  options: ObserveOptions,
): Promise<readonly Observed[]> {
  // at most half of what one client may send, so that the release never uses up the limit
  const pause = Math.max(200, 120_000 / service.access.requestsPerMinute);
  const end = Date.now() + options.seconds * 1000;
  const seen: Observed[] = [];
  const answered = () => seen.filter(one => one.revision === options.candidate).length;
  while (Date.now() < end || (answered() < leastAnswers && Date.now() < end + patience)) {
    const outcome = await endpoint.streamChat(
      {
        model: service.model.name,
        prompt: `Request ${seen.length} of a release. Say hello.`,
        maxTokens: service.load.outputTokens,
      },
      { headers: await options.headers(), signal: options.signal, expectDone: options.expectDone },
    );
    // the limit of the release's own client says nothing about the version
    if (outcome.status !== 429) seen.push(observed(outcome));
    options.progress(`${seen.length} requests, ${answered()} answered by ${options.candidate}`);
    await sleep(pause, undefined, { signal: options.signal });
    if (seen.filter(one => one.error).length > 3) break;
  }
  return seen;
}

function observed(outcome: StreamOutcome): Observed {
  const first = outcome.tokensAt[0];
  const last = outcome.tokensAt.at(-1);
  const revision = outcome.headers[revisionHeader];
  return {
    revision: typeof revision === 'string' ? revision : undefined,
    error: outcome.error?.detail,
    timeToFirstToken: first === undefined ? undefined : first - outcome.sentAt,
    interTokenLatency:
      first === undefined || last === undefined || outcome.tokensAt.length < 2
        ? undefined
        : (last - first) / (outcome.tokensAt.length - 1),
  };
}
