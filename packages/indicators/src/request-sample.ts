/**
 * One request as its sender saw it. Times are milliseconds on one clock that never goes back; absent where it never came
 * to that.
 */
export interface RequestSample {
  /** When the plan wanted it sent; the same as `sentAt` where there is no plan. */
  readonly scheduledAt: number;
  readonly sentAt: number;
  /** First non-empty token: text, reasoning, or the arguments of a tool call. */
  readonly firstTokenAt?: number;
  readonly lastTokenAt?: number;
  readonly endedAt: number;
  /**
   * Tokens that came: text, reasoning and tool calls. Reasoning that an engine counts and does not send is none of them. It was made before
   * the first token, whose time has it, and spread over the times between the others it would make these look short.
   */
  readonly tokens?: number;
  /** Tokens of such reasoning, where the engine says how many. No indicator has them, and no rate. */
  readonly hiddenTokens?: number;
  /**
   * Who counted them. Chunks are not tokens: one may hold several. `limit`: the engine counts none, but it says that the answer
   * ended at the length that was asked for.
   */
  readonly tokensBy: 'usage' | 'tokenizer' | 'limit' | 'chunks';
  /** Times between the arrivals of one answer. */
  readonly gaps: ArrayLike<number>;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** What kept it from being a good answer: a lost connection, no end in time, an error inside a 200 stream, no token. */
  readonly error?: string;
  /** The sender gave up of its own will. */
  readonly cancelled?: boolean;
  /** Version that answered; absent when the gateway itself did. */
  readonly revision?: string;
}

/** What a request says of the service. `none`: it is no event, and leaves the sample of availability. */
export type Answered = 'good' | 'bad' | 'none';

/**
 * Availability's event. The sender knows that its requests are valid, so whatever is not a whole answer is bad, but for three
 * that say nothing of the service: a request that the sender cancelled, one that the gateway rejects for the sender's own
 * limit (429 without a version; a version's own 429 is overload, and bad), and one whose token is not accepted (401).
 */
export function answered(sample: RequestSample): Answered {
  if (sample.cancelled) return 'none';
  if (sample.revision === undefined && (sample.status === 429 || sample.status === 401)) return 'none';
  return sample.error === undefined && sample.status !== undefined && sample.status < 400 ? 'good' : 'bad';
}

/**
 * Milliseconds to the first token from when the request was due, so that a queue in front of the service counts too.
 * Infinite when it never came: such a request is slower than every objective. Undefined when the request is no event: of
 * one that its sender cancelled before the first token, only that it took longer than it was waited for is known.
 * @param limit milliseconds; a request that was waited for longer than this is late, whatever ended it
 */
export function timeToFirstToken(sample: RequestSample, limit: number): number | undefined {
  if (sample.firstTokenAt !== undefined) return sample.firstTokenAt - sample.scheduledAt;
  if (answered(sample) === 'bad') return Infinity;
  return sample.cancelled && sample.endedAt - sample.scheduledAt > limit ? Infinity : undefined;
}

/** Milliseconds: (last token − first token) / (tokens − 1). Undefined for fewer than two tokens and where nobody counted them. */
export function timePerOutputToken(sample: RequestSample): number | undefined {
  const { firstTokenAt, lastTokenAt, tokens, tokensBy } = sample;
  if (firstTokenAt === undefined || lastTokenAt === undefined || tokens === undefined || tokens < 2) return undefined;
  return tokensBy === 'chunks' ? undefined : (lastTokenAt - firstTokenAt) / (tokens - 1);
}
