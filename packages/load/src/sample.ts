import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { piecesAreTokens } from '@fairway/clients/inference/index';
import type { InferenceOutcome, StreamError } from '@fairway/clients/inference/index';
import type { RequestSample } from '@fairway/indicators';
import type { CountTokens } from './tokenizer.ts';

/** One measured request. Times are milliseconds on the clock of the run, which never goes back. */
export interface LoadSample extends RequestSample {
  readonly index: number;
  /** Turn of its conversation, from 0. */
  readonly turn: number;
  /** Times between the pieces of the answer, in milliseconds. */
  readonly gaps: Float32Array;
  /** Whether the gaps are inter-token latency: each piece is one token by the engine's count, or the tokenizer's. */
  readonly gapsAreTokens: boolean;
  readonly error?: StreamError['kind'];
  readonly errorDetail?: string;
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly finishReason?: string;
}

/**
 * @param asked tokens of the answer that were asked for
 * @param server version of an answer that names none
 * @param count counts the tokens of an answer whose engine does not
 */
export function sampleOf(
  index: number,
  turn: number,
  scheduledAt: number,
  asked: number,
  outcome: InferenceOutcome,
  server: string | undefined,
  count?: CountTokens,
): LoadSample {
  const { tokensAt, streamed } = outcome;
  // an engine that counts nothing still says when the limit ended the answer, which then has that many tokens, hidden ones included
  const { usage, mostTokens, hiddenTokens } = outcome;
  const mayBeAll = !usage.reasoningTokens && asked <= mostTokens;
  const limit = outcome.finishReason === 'length' && mayBeAll ? asked : undefined;
  const byTokenizer = outcome.completionTokens === undefined && count ? count(outcome.text) : undefined;
  const counted = outcome.completionTokens ?? byTokenizer;
  return {
    index,
    turn,
    scheduledAt,
    sentAt: outcome.sentAt,
    // the first token of an answer that comes whole is not seen
    firstTokenAt: streamed ? tokensAt[0] : undefined,
    lastTokenAt: streamed ? tokensAt.at(-1) : undefined,
    endedAt: outcome.endedAt,
    tokens: counted ?? limit ?? tokensAt.length,
    tokensBy:
      outcome.completionTokens !== undefined
        ? 'usage'
        : byTokenizer !== undefined
          ? 'tokenizer'
          : limit !== undefined
            ? 'limit'
            : 'chunks',
    hiddenTokens: hiddenTokens || undefined,
    gaps: streamed ? gapsOf(tokensAt) : new Float32Array(),
    gapsAreTokens: streamed && piecesAreTokens(tokensAt.length, counted),
    status: outcome.status,
    error: outcome.error?.kind,
    errorDetail: outcome.error?.detail,
    cancelled: outcome.cancelled || undefined,
    // a token that is not accepted says nothing of the server
    revision:
      outcome.headers[revisionHeader] ?? (outcome.status === undefined || outcome.status === 401 ? undefined : server),
    promptTokens: usage.promptTokens,
    cachedTokens: usage.cachedTokens,
    finishReason: outcome.finishReason,
  };
}

function gapsOf(times: readonly number[]): Float32Array {
  const gaps = new Float32Array(Math.max(0, times.length - 1));
  for (let index = 0; index < gaps.length; index++) gaps[index] = times[index + 1]! - times[index]!;
  return gaps;
}
