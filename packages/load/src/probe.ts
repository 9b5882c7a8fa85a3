import { randomBytes } from 'node:crypto';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { ToolError } from '@fairway/clients/tool-error';
import { connectionAdvice, requestBody } from '@fairway/clients/inference/index';
import type { InferenceEndpoint, InferenceOutcome } from '@fairway/clients/inference/index';
import type { RequestShape } from './load-plan.ts';
import { comeBackAdvice } from './patience.ts';
import type { Patience, Said } from './patience.ts';
import { Prompts } from './prompts.ts';
import type { RequestHeaders } from './sender.ts';

/** What a few requests before the load told of the server. */
export interface Probed {
  /** The shape with what this server takes. */
  readonly request: RequestShape;
  readonly wordsPerToken: number;
  /** Milliseconds of one answer of full length, alone. */
  readonly duration: number;
  /** Whether the answer names a version, as a gateway of Fairway's does. */
  readonly behindGateway: boolean;
}

export interface ProbeOptions {
  readonly request: RequestShape;
  readonly outputTokens: number;
  /** Fields that not every server takes; those that it rejects are left out of the load. */
  readonly optional: Readonly<Record<string, unknown>>;
  readonly headers: RequestHeaders;
  readonly timeout: number;
  readonly patience: Patience;
  readonly signal?: AbortSignal;
}

const fewWords = 16;
const manyWords = 272;

/**
 * Asks the server once in full length, without the fields that it rejects, and counts with two prompts how many words make a token.
 * @throws ToolError when it does not answer
 */
export async function probe(endpoint: InferenceEndpoint, options: ProbeOptions): Promise<Probed> {
  const prompts = new Prompts({
    salt: randomBytes(6).toString('hex'),
    prefixes: undefined,
    wordsPerToken: 1,
    random: Math.random,
  });
  const { signal } = options;
  const ask = async (shape: RequestShape, words: number, maxTokens: number) => {
    signal?.throwIfAborted();
    const { outcome, cancel } = endpoint.exchange({
      api: shape.api,
      body: requestBody({ ...shape, maxTokens, messages: prompts.messages(words, words) }),
      headers: options.headers,
      timeout: options.timeout,
      end: shape.end,
      wantsText: false,
    });
    signal?.addEventListener('abort', cancel);
    const result = await outcome;
    signal?.removeEventListener('abort', cancel);
    signal?.throwIfAborted();
    return result;
  };

  const answered = (once: () => Promise<InferenceOutcome>) => options.patience.ask(once, saidBy);
  const rejected = (outcome: InferenceOutcome) => outcome.status === 400 || outcome.status === 422;
  const bare = options.request;
  let request: RequestShape = { ...bare, extra: { ...bare.extra, ...options.optional } };
  let outcome = await answered(() => ask(request, fewWords, options.outputTokens));
  // OpenAI's own models that think
  if (rejected(outcome) && outcome.error?.detail.includes('max_completion_tokens')) {
    request = { ...request, limitField: 'max_completion_tokens' };
    outcome = await answered(() => ask(request, fewWords, options.outputTokens));
  }
  const candidates = [...Object.keys(options.optional), ...(bare.usage ? ['stream_options'] : [])];
  for (const field of candidates) {
    if (!rejected(outcome)) break;
    const extra = Object.fromEntries(Object.entries(request.extra).filter(([name]) => name !== field));
    request = { ...request, extra, usage: request.usage && field !== 'stream_options' };
    outcome = await answered(() => ask(request, fewWords, options.outputTokens));
  }
  if (outcome.error) throw unusable(endpoint, outcome);
  const longer = await answered(() => ask(request, manyWords, 1));
  const tokens = (longer.usage.promptTokens ?? NaN) - (outcome.usage.promptTokens ?? NaN);
  const wordsPerToken = (manyWords - fewWords) / tokens;
  return {
    request,
    wordsPerToken: Number.isFinite(wordsPerToken) && wordsPerToken > 0 ? wordsPerToken : 1,
    duration: outcome.endedAt - outcome.sentAt,
    behindGateway: revisionHeader in outcome.headers,
  };
}

function saidBy({ status, headers, error }: InferenceOutcome): Said {
  return { status, headers, code: error?.kind === 'connection' ? error.detail : undefined };
}

function unusable(endpoint: InferenceEndpoint, outcome: InferenceOutcome): ToolError {
  const { status, error } = outcome;
  const moved = reasonOf('endpoint.moved');
  const notReady = reasonOf('endpoint.notReady');
  const advice: Readonly<Record<string, Reason>> = {
    301: moved,
    302: moved,
    307: moved,
    308: moved,
    404: reasonOf('endpoint.notFound'),
    429: reasonOf('endpoint.limited'),
    502: notReady,
    503: notReady,
    504: notReady,
  };
  const reached = status === undefined ? connectionAdvice(error!.detail) : undefined;
  return new ToolError(
    'inference endpoint',
    reasonOf('request.first', { url: endpoint.url }),
    status,
    // the status is said already
    error!.kind === 'status' ? error!.detail.replace(/^HTTP \d+(: )?/, '') : `${error!.kind}: ${error!.detail}`,
    comeBackAdvice(saidBy(outcome)) ?? advice[status ?? 0] ?? reached,
  );
}
