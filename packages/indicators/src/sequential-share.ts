import { binomial, sum } from './binomial.ts';
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
 */
export class SequentialShare {
  readonly #options: SequentialOptions;
  readonly #pass: Side;
  readonly #fail: Side;
  #events = 0;
  #decided: 'pass' | 'fail' | undefined;

  constructor(options: SequentialOptions) {
    this.#options = options;
    this.#pass = new Side(options.falsePass);
    this.#fail = new Side(options.falseFail);
  }

  /**
   * @param events all so far; never fewer than at the look before
   * @param bad how many of them were bad; a fraction counts against either decision
   * @param leastBad where only two bounds of the bad ones are known, the lower one: a pass needs the upper, a fail this
   * @returns the decision, which later looks do not change
   */
  look(events: number, bad: number, leastBad = bad): 'pass' | 'fail' | undefined {
    if (this.#decided || events <= this.#events) return this.#decided;
    const step = binomial(events - this.#events, this.#options.allowed);
    const spent = Math.min(1, events / this.#options.horizon);
    this.#events = events;
    this.#pass.advance(step);
    this.#fail.advance(step);
    const most = this.#pass.cutLow(spent);
    const least = this.#fail.cutHigh(spent);
    if (Math.ceil(bad) <= most) this.#decided = 'pass';
    else if (Math.floor(leastBad) >= least) this.#decided = 'fail';
    return this.#decided;
  }
}

/** Part of an error that is spent where there are bad events. */
const spending = 0.9;

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
  cutLow(part: number): number {
    const { from, probabilities } = this.#open;
    let cut = 0;
    while (cut < probabilities.length && this.#spend(probabilities[cut]!, from + cut === 0 ? part : spending * part))
      cut++;
    this.#open = { from: from + cut, probabilities: probabilities.slice(cut) };
    return from + cut - 1;
  }

  /** Cuts off the highest counts that the error allows by now; answers the lowest of them. */
  cutHigh(part: number): number {
    const { from, probabilities } = this.#open;
    let end = probabilities.length;
    while (end > 0 && this.#spend(probabilities[end - 1]!, spending * part)) end--;
    this.#open = { from, probabilities: probabilities.slice(0, end) };
    return from + end;
  }

  #spend(probability: number, part: number): boolean {
    if (this.#spent + probability > this.#error * part) return false;
    this.#spent += probability;
    return true;
  }
}
