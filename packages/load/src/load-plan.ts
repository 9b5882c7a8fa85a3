import { randomLcg } from 'd3-random';
import type { InferenceApi, Message, StreamEnd } from '@fairway/clients/inference/index';
import { openArrivals } from './arrivals.ts';
import type { Arrivals } from './arrivals.ts';
import { drawLengths } from './lengths.ts';
import type { Lengths } from './lengths.ts';
import { Prompts } from './prompts.ts';
import type { SharedPrefixes } from './prompts.ts';

/** What is sent, and when: plain data, so that a worker gets the same. */
export interface LoadPlan {
  readonly arrivals: Arrivals;
  readonly promptTokens: Lengths;
  readonly outputTokens: Lengths;
  readonly prefixes?: SharedPrefixes;
  /** Messages of a user in one conversation; each is sent with all before it. 1 is no conversation. */
  readonly turns: number;
  /** Seconds that a user thinks between an answer and the next message. */
  readonly thinkSeconds: number;
  /** The same seed gives the same times and lengths. */
  readonly seed: number;
  /** Empty for `cache: warm`: then a second run sends the same prompts. */
  readonly salt: string;
  readonly wordsPerToken: number;
  readonly request: RequestShape;
  /** File of the model's tokenizer, which counts the tokens of answers whose server does not. */
  readonly tokenizer?: string;
  /** Seconds of load before the measured part: at most, and at least. It ends once the concurrency is steady. */
  readonly warmUp: { readonly least: number; readonly most: number };
  /** Milliseconds until one request is given up. */
  readonly timeout: number;
  /**
   * Version of every answer that names none, where no gateway stands before it: its 429 is overload, and no limit of the sender's. Absent where
   * such an answer is the gateway's own.
   */
  readonly server?: string;
}

export interface RequestShape {
  readonly api: InferenceApi;
  readonly model: string;
  /** Names that requests ask for in turn, by their number, such as those of adapters; `model` alone when absent. */
  readonly models?: readonly string[];
  readonly stream: boolean;
  readonly usage: boolean;
  readonly limitField?: 'max_completion_tokens';
  readonly end: StreamEnd;
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface PlannedRequest {
  readonly index: number;
  /** Milliseconds after the begin of its phase; 0 in a closed loop. */
  readonly at: number;
  readonly messages: readonly Message[];
  readonly outputTokens: number;
}

export type Phase = 'warm-up' | 'measured';

/** A worker's part of the requests: those whose number has the rest `index` when divided by `of`. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/**
 * The requests of one phase in the order in which they are due. The warm-up offers the first rate without an end; a closed
 * loop has no end either.
 */
export function plannedRequests(plan: LoadPlan, phase: Phase, share: Share): Generator<PlannedRequest> {
  // two phases of one seed must not send the same
  const source = (part: number) => randomLcg(plan.seed * 8 + part * 2 + (phase === 'measured' ? 0 : 1));
  const promptLength = drawLengths(plan.promptTokens, source(1));
  const outputLength = drawLengths(plan.outputTokens, source(2));
  const prompts = new Prompts({
    salt: [plan.salt, phase === 'measured' ? 'm' : 'w'].filter(Boolean).join(' '),
    prefixes: plan.prefixes,
    wordsPerToken: plan.wordsPerToken,
    random: source(3),
  });
  // the words are made here, before the first request is due
  return (function* () {
    let index = 0;
    for (const { at, promptTokens, outputTokens } of timesOf(plan.arrivals, phase, source(0))) {
      const promptTokensDrawn = promptTokens ?? promptLength();
      const outputTokensDrawn = outputTokens ?? outputLength();
      if (index % share.of === share.index) {
        yield { index, at, messages: prompts.messages(index, promptTokensDrawn), outputTokens: outputTokensDrawn };
      }
      index++;
    }
  })();
}

interface Due {
  readonly at: number;
  readonly promptTokens?: number;
  readonly outputTokens?: number;
}

function* timesOf(arrivals: Arrivals, phase: Phase, random: () => number): Generator<Due> {
  if (arrivals.kind === 'closed') for (;;) yield { at: 0 };
  if (arrivals.kind === 'replay') {
    // a recording has no rate of its own to warm up with: its own beginning does
    yield* arrivals.entries;
    return;
  }
  const [first] = arrivals.segments;
  const segments =
    phase === 'measured' ? arrivals.segments : [{ from: first!.from, to: first!.from, seconds: Infinity }];
  for (const at of openArrivals(segments, arrivals.burstiness, random)) yield { at };
}
