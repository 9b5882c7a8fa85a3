import type { Service } from '@fairway/service';
import { percentileInterval, shareInterval } from './intervals.ts';
import { percentile } from './percentile.ts';
import { riskOf, shareObjectives } from './objectives.ts';
import type { ObjectiveName, ShareObjective } from './objectives.ts';
import { answered, timePerOutputToken, timeToFirstToken } from './request-sample.ts';
import type { RequestSample } from './request-sample.ts';
import { riskOfObjective } from './sample-size.ts';

/** What was seen of one objective. */
export interface Count {
  /** Independent events, and how many of them were bad; `bad` has a fraction where an event counts with a share. */
  readonly events: number;
  readonly bad: number;
  /** Where the number of bad events is known from two sides only: `bad` is the most, this the least. Default `bad`. */
  readonly leastBad?: number;
  /** Why `bad` is more than there is and `leastBad` is 0, as half a sentence. */
  readonly limitation?: string;
}

export type Counts = Readonly<Record<ObjectiveName, Count>>;

/** Events that were seen in two places, together. */
export function together(one: Count, other: Count): Count {
  return {
    events: one.events + other.events,
    bad: one.bad + other.bad,
    leastBad: (one.leastBad ?? one.bad) + (other.leastBad ?? other.bad),
    ...(one.limitation || other.limitation ? { limitation: one.limitation ?? other.limitation } : {}),
  };
}

/** A measured value with its interval; each end is wrong with the stated risk at most. */
export interface Figure {
  /** Milliseconds, or percent of good events; infinite for a latency whose percentile never came. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Counts requests by the objectives of a service. */
export class RequestTally {
  readonly #objectives: Service['objectives'];
  readonly #tallies: readonly Tally[];

  constructor(objectives: Service['objectives']) {
    this.#objectives = objectives;
    this.#tallies = shareObjectives(objectives).map(objective => tallyOf(objective, objectives));
  }

  /** In the order in which they were due, so that slow ones are not left for later. */
  add(samples: Iterable<RequestSample>): void {
    for (const sample of samples) for (const one of this.#tallies) one.add(sample);
  }

  /**
   * @param later requests due after those that were added, in order, what still runs as if it were cancelled now: of them the time to
   * the first token may be known long before their end, and an overloaded service has no ends
   */
  counts(later: readonly RequestSample[] = []): Counts {
    return Object.fromEntries(this.#tallies.map(one => [one.objective.name, one.count(later)])) as unknown as Counts;
  }

  /**
   * Undefined for an objective without events.
   * @param later as for `counts`
   */
  figures(later: readonly RequestSample[] = []): Readonly<Record<ObjectiveName, Figure | undefined>> {
    const risk = riskOf(this.#objectives);
    return Object.fromEntries(
      this.#tallies.map(one => [
        one.objective.name,
        one.count(later).events > 0 ? one.figure(riskOfObjective(one.objective, risk), later) : undefined,
      ]),
    ) as Record<ObjectiveName, Figure | undefined>;
  }
}

interface Tally {
  readonly objective: ShareObjective;
  add(sample: RequestSample): void;
  count(later: readonly RequestSample[]): Count;
  figure(tail: number, later: readonly RequestSample[]): Figure;
}

function tallyOf(objective: ShareObjective, objectives: Service['objectives']): Tally {
  const { timeToFirstToken: first, interTokenLatency: pace } = objectives;
  switch (objective.name) {
    case 'time-to-first-token':
      return new LatencyTally(objective);
    case 'inter-token-latency':
      return new GapTally(objective);
    case 'availability':
      return new ShareTally(objective, sample => answered(sample) === 'bad');
    case 'goodput':
      return new ShareTally(objective, sample => missesGoodput(sample, first.milliseconds, pace.milliseconds));
  }
}

/**
 * Whether an answer has an error, a late first token or a time per output token over the objective. Undefined where its sender
 * cannot know: a whole answer hides when its tokens came, and a chunk how many it holds.
 */
function missesGoodput(sample: RequestSample, first: number, pace: number): boolean | undefined {
  const { scheduledAt, sentAt, firstTokenAt, lastTokenAt, endedAt, tokens = 0, tokensBy, gaps } = sample;
  if (answered(sample) === 'bad') return true;
  if (firstTokenAt === undefined) {
    // no token came after the end
    const counted = tokensBy === 'chunks' ? 0 : tokens;
    return endedAt - scheduledAt <= first && (counted < 2 || (endedAt - sentAt) / (counted - 1) <= pace)
      ? false
      : undefined;
  }
  if (firstTokenAt - scheduledAt > first) return true;
  if (tokensBy !== 'chunks') return (timePerOutputToken(sample) ?? 0) > pace;
  // there are at least as many tokens as chunks
  return lastTokenAt! - firstTokenAt <= pace * gaps.length ? false : undefined;
}

class ShareTally implements Tally {
  readonly objective: ShareObjective;
  readonly #isBad: (sample: RequestSample) => boolean | undefined;
  #events = 0;
  #bad = 0;
  #unknown = 0;

  /** @param isBad undefined where nobody knows */
  constructor(objective: ShareObjective, isBad: (sample: RequestSample) => boolean | undefined) {
    this.objective = objective;
    this.#isBad = isBad;
  }

  add(sample: RequestSample): void {
    if (answered(sample) === 'none') return;
    this.#events++;
    const bad = this.#isBad(sample);
    if (bad) this.#bad++;
    if (bad === undefined) this.#unknown++;
  }

  count(): Count {
    const bad = this.#bad + this.#unknown;
    if (this.#unknown === 0) return { events: this.#events, bad };
    const limitation = `of ${this.#unknown} of ${this.#events} answers nobody knows the times of the tokens: they came whole, or in chunks whose tokens nobody counted`;
    return { events: this.#events, bad, leastBad: this.#bad, limitation };
  }

  figure(tail: number): Figure {
    const good = this.#events - this.#bad - this.#unknown;
    const { low, high } = shareInterval(good, this.#events, tail);
    return { value: (100 * good) / this.#events, low: 100 * low, high: 100 * high };
  }
}

class LatencyTally implements Tally {
  readonly objective: ShareObjective;
  readonly #values: number[] = [];
  #bad = 0;

  constructor(objective: ShareObjective) {
    this.objective = objective;
  }

  add(sample: RequestSample): void {
    const limit = this.objective.limit!;
    const value = timeToFirstToken(sample, limit);
    if (value === undefined) return;
    this.#values.push(value);
    if (value > limit) this.#bad++;
  }

  count(later: readonly RequestSample[]): Count {
    const known = this.#known(later);
    const late = known.filter(value => value > this.objective.limit!).length;
    return { events: this.#values.length + known.length, bad: this.#bad + late };
  }

  figure(tail: number, later: readonly RequestSample[]): Figure {
    const values = [...this.#values, ...this.#known(later)];
    return latencyFigure(values, this.objective, tail, values.length);
  }

  /** Up to the first that has neither a token nor waited too long: behind it only the quick ones are known. */
  #known(later: readonly RequestSample[]): readonly number[] {
    const values: number[] = [];
    for (const sample of later) {
      const value = timeToFirstToken(sample, this.objective.limit!);
      if (value !== undefined) values.push(value);
      else if (sample.cancelled) break;
    }
    return values;
  }
}

/** A busy engine now and then sends two tokens at once, and usually the last one with the end; one that does it by design is under this. */
const leastChunksPerToken = 0.9;

/**
 * All gaps of all requests together. Requests are what is independent, not their gaps: answers count as if there were
 * (Σ gaps)² / Σ gaps² of them, each with the common share of slow gaps (the effective sample size of Kish, Survey Sampling,
 * 1965), which is their number when all are of one length.
 */
class GapTally implements Tally {
  readonly objective: ShareObjective;
  readonly #gaps: number[] = [];
  #squares = 0;
  #slow = 0;
  /** Chunks of answers whose tokens somebody counted, these tokens, and chunks of the other answers. */
  #chunks = 0;
  #tokens = 0;
  #uncounted = 0;

  constructor(objective: ShareObjective) {
    this.objective = objective;
  }

  add(sample: RequestSample): void {
    const { gaps } = sample;
    if (answered(sample) === 'good') {
      if (sample.tokensBy === 'chunks') this.#uncounted += gaps.length + 1;
      else {
        this.#chunks += gaps.length + 1;
        this.#tokens += sample.tokens ?? 0;
      }
    }
    for (let index = 0; index < gaps.length; index++) {
      const gap = gaps[index]!;
      this.#gaps.push(gap);
      if (gap > this.objective.limit!) this.#slow++;
    }
    this.#squares += gaps.length ** 2;
  }

  count(): Count {
    const gaps = this.#gaps.length;
    if (gaps === 0) return { events: 0, bad: 0 };
    const events = Math.floor(gaps ** 2 / this.#squares);
    const limitation = this.#limitation();
    const bad = (events * this.#slow) / gaps;
    // no token of a chunk came later than the chunk, so gaps between chunks are the most that those between tokens can be
    return limitation ? { events, bad, leastBad: 0, limitation } : { events, bad };
  }

  figure(tail: number): Figure {
    return latencyFigure(this.#gaps, this.objective, tail, this.count().events);
  }

  #limitation(): string | undefined {
    const few = this.#chunks < leastChunksPerToken * (this.#chunks + this.#uncounted);
    if (!few && this.#chunks >= leastChunksPerToken * this.#tokens) return undefined;
    return few
      ? 'nobody counted the tokens of the answers, so the gaps between their chunks are no inter-token latency'
      : `the answers came in ${this.#chunks} chunks for ${this.#tokens} tokens, so the gaps between chunks are no inter-token latency`;
  }
}

function latencyFigure(values: readonly number[], objective: ShareObjective, tail: number, independent: number) {
  const sorted = Float64Array.from(values).sort();
  const rank = objective.percentile!;
  return { value: percentile(sorted, rank)!, ...percentileInterval(sorted, rank, tail, independent) };
}
