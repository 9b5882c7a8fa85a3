import { ConflictError } from '@backstage/errors';
import type { ServiceSummary, TryAnswer, TryRequest } from '@fairway/backstage-plugin-fairway-common';
import { wordsOfError } from '@fairway/clients/inference/answer';
import { openInference, requestBody } from '@fairway/clients/inference/index';
import type { InferenceOutcome, StreamError } from '@fairway/clients/inference/index';
import { engineProfile } from '@fairway/engines/profile';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/reason';
import { codedError } from '../http/coded-error.ts';

/** Tokens of an answer, and seconds and bytes until it is given up. */
const limits = { tokens: 256, seconds: 60, bytes: 1024 * 1024 };

/**
 * Asks a service one question at the address of its last delivery. Path, method and form are those of a chat, redirects are not followed, and of
 * what comes back only what a chat or an error in JSON says is passed on: whatever answers there, this reads nothing else of it.
 * @param gone ends the question
 * @throws ConflictError where there is nothing to ask
 */
export async function trySummary(
  { namespace, service }: { readonly namespace: string; readonly service: string },
  summary: ServiceSummary | undefined,
  { question, token }: TryRequest,
  gone: AbortSignal,
): Promise<TryAnswer> {
  const address = summary?.url === undefined ? undefined : askable(summary.url);
  if (!summary || address === undefined)
    throw codedError(ConflictError, reasonOf('try.noAddress', { service: `${namespace}/${service}` }));
  const { model } = summary;
  const withDone = engineProfile(summary.engine).endsStreamWithDone;
  const endpoint = openInference(address);
  const { outcome, cancel } = endpoint.exchange({
    api: 'chat',
    body: requestBody({
      ...{ api: 'chat', model, maxTokens: limits.tokens, stream: true, usage: withDone },
      messages: [{ role: 'user', content: question }],
    }),
    headers: {
      accept: 'text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...{ timeout: limits.seconds * 1000, maxBytes: limits.bytes },
    ...{ end: withDone ? 'done' : 'finish', wantsText: true },
  });
  gone.addEventListener('abort', cancel);
  if (gone.aborted) cancel();
  try {
    return answerOf(await outcome, { address, model }, token);
  } finally {
    endpoint.close();
  }
}

/** Addresses without a login: the token alone lets in. */
function askable(url: string): string | undefined {
  const found = URL.parse(url);
  const plain = found && /^https?:$/.test(found.protocol) && found.username === '' && found.password === '';
  return plain ? found.origin : undefined;
}

interface Asked {
  readonly address: string;
  readonly model: string;
}

function answerOf(outcome: InferenceOutcome, asked: Asked, token: string | undefined): TryAnswer {
  const { sentAt, endedAt, tokensAt, usage, finishReason, error } = outcome;
  const withoutToken = (text: string) => (token === undefined ? text : text.replaceAll(token, '***'));
  const coded = error && problemOf(outcome, asked);
  const said = error && wordsOf(error);
  return {
    text: withoutToken(outcome.text),
    ...(tokensAt[0] !== undefined && { timeToFirstToken: tokensAt[0] - sentAt }),
    milliseconds: endedAt - sentAt,
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    cut: finishReason === 'length',
    ...(coded && { problem: english(coded), coded }),
    ...(said !== undefined && { said: withoutToken(said) }),
  };
}

function problemOf({ status, headers, error }: InferenceOutcome, { address, model }: Asked): Reason {
  if (error?.kind === 'connection' && status === undefined)
    return reasonOf('try.unreachable', { address, words: error.detail });
  if (error?.kind === 'timeout') return reasonOf('try.late', { seconds: limits.seconds });
  if (error?.kind !== 'status') return reasonOf('try.broken', { address });
  switch (status) {
    case 401:
      return reasonOf('try.denied');
    case 403:
      return reasonOf('try.forbidden', { model });
    case 404:
      return reasonOf('try.noModel', { address, model });
    case 429: {
      const seconds = secondsUntil(headers['retry-after']);
      return seconds === undefined ? reasonOf('try.limitedLater') : reasonOf('try.limited', { seconds });
    }
    default:
      return reasonOf('try.status', { status: status ?? 0 });
  }
}

/** What a gateway or an engine says of an error in the form of OpenAI's API; any other text may be that of anything. */
function wordsOf({ kind, detail }: StreamError): string | undefined {
  if (kind === 'engine') return detail;
  if (kind !== 'status') return undefined;
  try {
    const body: unknown = JSON.parse(detail.replace(/^HTTP \d+: /, ''));
    return typeof body === 'object' && body !== null ? wordsOfError(body) : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function secondsUntil(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
