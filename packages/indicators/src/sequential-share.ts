import { atMost, binomial, sum } from './binomial.ts';
import type { Window } from './binomial.ts';

export interface SequentialOptions {
  /** Share of bad events that the objective allows, over 0 and below 1. */
  readonly allowed: number;
  /** Probability, 0 to 1, of a pass over all looks where the true share is what is allowed, or more. */
  readonly falsePass: number;
  /** Probability, 0 to 1, of a fail over all looks where the true share is what is allowed, or less. */
  readonly falseFail: number;
  /** Events after which no more are expected; looks beyond it are valid too. */
  readonly horizon: number;
}

/**
 * Decides whether the share of bad events is below what is allowed, looking as often as one likes while events come in.
 *
 * A group-sequential test with error spending (Lan and DeMets, Discrete sequential boundaries for clinical trials,
 * Biometrika 70, 1983; spending in proportion to the events, Kim and DeMets, Biometrika 74, 1987). The boundaries are exact:
 * the distribution of the count among all runs that have not been decided yet is carried from look to look, not approximated
 * (Jennison and Turnbull, Group Sequential Methods, 2000, 12.1). A boundary for one side ignores stops at the other one,
 * which can only make it stricter. Looked at once, at the horizon, with no bad event this is the test of Clopper and
 * Pearson's interval. Otherwise a tenth of each error is not spent: requests are not quite as independent as the test assumes.
 *
 * A pass is no end. What comes after it is judged on, for as long as other objectives need it: a pass holds while all events together
 * would also pass the exact test of one look, and the boundary of the fail stays. Neither costs an error: who passes has crossed the
 * boundary all the same, whose probability is what is spent, and the boundary of the fail never counted on an end at a pass.
 */
export class SequentialShare {
  readonly #options: SequentialOptions;
  readonly #pass: Side;
  readonly #fail: Side;
  #events = 0;
  /** Highest count that passes and lowest that fails, at the last look that had new events. */
  #most = -1;
  #least = Infinity;
  #crossed = false;
  #failed = false;

  constructor(options: SequentialOptions) {
    this.#options = options;
    this.#pass = new Side(options.falsePass);
    this.#fail = new Side(options.falseFail);
  }

  /**
   * @param events all so far; where they are fewer than at a look before, nothing new is decided
   * @param bad how many of them were bad; a fraction counts against either decision
   * @param leastBad where only two bounds of the bad ones are known, the lower one: a pass needs the upper, a fail this
   * @returns the decision. A fail stays; a pass stays while it holds for all events so far
   */
  look(events: number, bad: number, leastBad = bad): 'pass' | 'fail' | undefined {
    if (this.#failed) return 'fail';
    if (events > this.#events) this.#advance(events);
    if (events >= this.#events) {
      if (Math.ceil(bad) <= this.#most) this.#crossed = true;
      else if (Math.floor(leastBad) >= this.#least) this.#failed = true;
    }
    if (this.#failed) return 'fail';
    return this.#crossed && this.#holds(events, Math.ceil(bad)) ? 'pass' : undefined;
  }

  #advance(events: number): void {
    const { allowed, horizon } = this.#options;
    const step = binomial(events - this.#events, allowed);
    this.#events = events;
    this.#pass.advance(step);
    this.#fail.advance(step);
    this.#most = this.#pass.cutLow(spent(events, horizon));
    this.#least = this.#fail.cutHigh(spent(events, horizon));
  }

  #holds(events: number, bad: number): boolean {
    if (events === this.#events && bad <= this.#most) return true;
    return atMost(binomial(events, this.#options.allowed), bad) <= this.#options.falsePass;
  }
}

/** Parts of an error that are spent by now: where nothing is bad, and where something is. */
interface Spent {
  readonly withoutBad: number;
  readonly withBad: number;
}

/** Part of an error that is spent at the horizon where there are bad events, and in all. */
const atHorizon = 0.85;
const inAll = 0.9;

/** Beyond the horizon what is left is spent ever more slowly: users may send many times the requests that were expected. */
function spent(events: number, horizon: number): Spent {
  if (events <= horizon) return { withoutBad: events / horizon, withBad: (atHorizon * events) / horizon };
  return { withoutBad: 1, withBad: inAll - ((inAll - atHorizon) * horizon) / events };
}

/** The counts that one boundary has not decided yet, with their probabilities at the allowed share. */
class Side {
  readonly #error: number;
  #open: Window = { from: 0, probabilities: Float64Array.of(1) };
  #spent = 0;

  constructor(error: number) {
    this.#error = error;
  }

  advance(step: Window): void {
    this.#open = sum(this.#open, step);
  }

  /** Cuts off the lowest counts that the error allows by now; answers the highest of them, −1 when there is none. */
  cutLow({ withoutBad, withBad }: Spent): number {
    const { from, probabilities } = this.#open;
    let cut = 0;
    while (cut < probabilities.length && this.#spend(probabilities[cut]!, from + cut === 0 ? withoutBad : withBad))
      cut++;
    this.#open = { from: from + cut, probabilities: probabilities.slice(cut) };
    return from + cut - 1;
  }

  /** Cuts off the highest counts that the error allows by now; answers the lowest of them. */
  cutHigh({ withBad }: Spent): number {
    const { from, probabilities } = this.#open;
    let end = probabilities.length;
    while (end > 0 && this.#spend(probabilities[end - 1]!, withBad)) end--;
    this.#open = { from, probabilities: probabilities.slice(0, end) };
    return from + end;
  }

  #spend(probability: number, part: number): boolean {
    if (this.#spent + probability > this.#error * part) return false;
    this.#spent += probability;
    return true;
  }
}
