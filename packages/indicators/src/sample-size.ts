import { shareInterval } from './intervals.ts';
import type { ShareObjective } from './objectives.ts';

export interface SampleSize {
  /** Requests without which nothing can pass: all of them good, and looked at once. */
  readonly least: number;
  /** Requests of which a service that is four times better than the objective passes in nine of ten runs that are looked at once. */
  readonly advised: number;
}

/** A service this many times better than its objective should pass, with this probability. */
const margin = 4;
const power = 0.9;

/**
 * Probability of a false pass with which one objective is judged. That of the inter-token latency is half of what is stated:
 * a request's gaps are correlated, so a request counts once, with its share of slow gaps instead of 0 or 1. A sum of such
 * shares that is at most c comes with a sum of coin tosses by them that is at most c in at least half of the cases (the median
 * of such a sum is within one of its mean: Jogdeo and Samuels, Monotone convergence of binomial probabilities, Annals of
 * Mathematical Statistics 39, 1968), and that one is exactly binomial.
 */
export function riskOfObjective(objective: ShareObjective, risk: number): number {
  return objective.name === 'inter-token-latency' ? risk / 2 : risk;
}

/**
 * Requests that one objective needs. With none bad the upper end of Clopper and Pearson's interval is 1 − risk^(1/n), so
 * `least` is ln(risk) / ln(1 − allowed).
 * @param risk probability of a false pass, 0 to 1
 */
export function sampleSize(objective: ShareObjective, risk: number): SampleSize {
  const own = riskOfObjective(objective, risk);
  const least = Math.ceil(Math.log(own) / Math.log1p(-objective.allowed));
  for (let mayFail = 0, advised = least; ; mayFail++, advised = withBad(mayFail, objective.allowed, own)) {
    // the upper end of the interval of a service at its margin tells how often it has more bad ones than may fail
    const usual = objective.allowed / margin;
    if (atMost(mayFail, advised, usual) >= power) return { least, advised };
  }
}

/**
 * Requests after which a sample like this one would have decided; undefined when it lies on the objective itself.
 * @param share of bad events as measured, 0 to 1
 */
export function requestsToDecide(share: number, allowed: number, risk: number): number | undefined {
  const decides = (n: number) => {
    const { low, high } = shareInterval(share * n, n, risk);
    return high <= allowed || low > allowed;
  };
  return smallest(decides);
}

/** The fewest requests of which `bad` may be bad and the share is still shown to be at most `allowed`. */
function withBad(bad: number, allowed: number, risk: number): number {
  return smallest(n => n > bad && shareInterval(bad, n, risk).high <= allowed) ?? Infinity;
}

/** P(Binomial(n, share) ≤ bad), by its relation to the interval's beta distribution. */
function atMost(bad: number, n: number, share: number): number {
  let term = (1 - share) ** n;
  let total = term;
  for (let count = 1; count <= bad; count++) {
    term *= ((n - count + 1) * share) / (count * (1 - share));
    total += term;
  }
  return total;
}

const most = 1e9;

/** The smallest number for which a condition holds that holds for all larger ones too; undefined when there is none. */
function smallest(holds: (n: number) => boolean): number | undefined {
  let high = 1;
  while (!holds(high)) if ((high *= 2) > most) return undefined;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
