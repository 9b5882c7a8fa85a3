import type { Service } from '@fairway/service';
import { riskOf, shareObjectives } from './objectives.ts';
import type { ObjectiveName, ShareObjective } from './objectives.ts';
import { requestsToDecide, riskOfObjective, sampleSize } from './sample-size.ts';
import { SequentialShare } from './sequential-share.ts';
import type { Counts } from './tally.ts';

export interface Decision {
  readonly name: ObjectiveName;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly events: number;
  readonly bad: number;
  /** Why the events are worse than what they stand for: met by them it is met, and missed by them it is open. */
  readonly limitation?: string;
}

/**
 * Judges the objectives of a service again and again while events come in.
 *
 * `pass` is wrong for a service at its objective or beyond it with the risk that `objectives.confidence` leaves, whatever the
 * distribution of its latencies, for any one objective. `fail` is wrong for a service that meets all of them with that
 * risk over all objectives together. An objective that passed is judged on while others are open.
 */
export class ObjectiveJudge {
  readonly #risk: number;
  readonly #tests: readonly { readonly objective: ShareObjective; readonly test: SequentialShare }[];

  /** @param horizon requests that are expected at most */
  constructor(objectives: Service['objectives'], horizon: number) {
    this.#risk = riskOf(objectives);
    this.#tests = shareObjectives(objectives).map((objective, _, all) => ({
      objective,
      test: new SequentialShare({
        allowed: objective.allowed,
        falsePass: riskOfObjective(objective, this.#risk),
        falseFail: riskOfObjective(objective, this.#risk / all.length),
        horizon,
      }),
    }));
  }

  /** @param counts all events so far */
  look(counts: Counts): readonly Decision[] {
    return this.#tests.map(({ objective, test }) => {
      const { name } = objective;
      const { events, bad, leastBad, limitation } = counts[name];
      const verdict = test.look(events, bad, leastBad) ?? 'inconclusive';
      return { name, verdict, events, bad, ...(limitation ? { limitation } : {}) };
    });
  }
}

/** Events, more than there are, that would have decided what these left open; undefined when they lie on the objective itself. */
export function eventsNeeded(decision: Decision, objectives: Service['objectives']): number | undefined {
  const { name, events, bad } = decision;
  const objective = shareObjectives(objectives).find(one => one.name === name)!;
  const risk = riskOfObjective(objective, riskOf(objectives));
  if (events === 0) return sampleSize(objective, riskOf(objectives)).least;
  // whoever looks often has a part of the risk at each look
  for (let part = risk; part > 1e-12; part /= 2) {
    const needed = requestsToDecide(bad / events, objective.allowed, part);
    if (needed === undefined || needed > events) return needed;
  }
  return undefined;
}

/** `fail` when an objective is missed, `pass` when all are met, `inconclusive` until then. */
export function overall(decisions: readonly Decision[]): Decision['verdict'] {
  if (decisions.some(one => one.verdict === 'fail')) return 'fail';
  return decisions.every(one => one.verdict === 'pass') ? 'pass' : 'inconclusive';
}
