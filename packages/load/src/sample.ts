import { revisionHeader } from '@fairway/clients/kubernetes/names';
import type { InferenceOutcome, StreamError } from '@fairway/clients/inference/index';
import type { RequestSample } from '@fairway/indicators';

/** One measured request. Times are milliseconds on the clock of the run, which never goes back. */
export interface LoadSample extends RequestSample {
  readonly index: number;
  /** Turn of its conversation, from 0. */
  readonly turn: number;
  /** Times between the pieces of the answer, in milliseconds. */
  readonly gaps: Float32Array;
  /** Whether the gaps are inter-token latency: each piece is one token by the engine's count. */
  readonly gapsAreTokens: boolean;
  readonly error?: StreamError['kind'];
  readonly errorDetail?: string;
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly finishReason?: string;
}

export function sampleOf(index: number, turn: number, scheduledAt: number, outcome: InferenceOutcome): LoadSample {
  const { tokensAt, streamed, completionTokens } = outcome;
  return {
    index,
    turn,
    scheduledAt,
    sentAt: outcome.sentAt,
    // the first token of an answer that comes whole is not seen
    firstTokenAt: streamed ? tokensAt[0] : undefined,
    lastTokenAt: streamed ? tokensAt.at(-1) : undefined,
    endedAt: outcome.endedAt,
    tokens: completionTokens ?? tokensAt.length,
    tokensBy: completionTokens === undefined ? 'chunks' : 'usage',
    gaps: streamed ? Float32Array.from(tokensAt.slice(1), (at, after) => at - tokensAt[after]!) : new Float32Array(),
    gapsAreTokens: outcome.pieceIsToken,
    status: outcome.status,
    error: outcome.error?.kind,
    errorDetail: outcome.error?.detail,
    cancelled: outcome.cancelled || undefined,
    revision: outcome.headers[revisionHeader],
    promptTokens: outcome.usage.promptTokens,
    cachedTokens: outcome.usage.cachedTokens,
    finishReason: outcome.finishReason,
  };
}
