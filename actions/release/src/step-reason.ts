import { eventsNeeded, shareObjectives } from '@fairway/indicators';
import type { Decision } from '@fairway/indicators';
import { latenessBound } from '@fairway/load';
import type { Service } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Paces } from './pace.ts';
import type { Judged } from './step.ts';

/**
 * Why a step must not go on, as part of a sentence; undefined when it may.
 * @param unclear whether the gateway itself failed more requests than say anything of the version
 */
export function stepReason(
  judged: Judged,
  verdict: Decision['verdict'],
  objectives: Service['objectives'],
  unclear: boolean,
): Reason | string | undefined {
  if (verdict === 'pass') return undefined;
  const { decisions, gatewayErrors } = judged;
  // of a version that could not be reached no number of answers would tell
  const ofGateway = verdict === 'inconclusive' && unclear;
  const first = ofGateway ? judged.firstGatewayError : judged.firstError;
  const withError = (objection: Reason | string) =>
    first ? reasonOf('release.firstError', { objection, words: first }) : objection;
  if (ofGateway) return withError(reasonOf('release.gatewayFailed', { requests: gatewayErrors }));
  const of = decisions.filter(decision => decision.verdict === verdict);
  const said = of.map(decision =>
    verdict === 'fail' ? missed(decision, objectives, judged.paces) : open(decision, objectives),
  );
  const { lateness } = judged;
  if (verdict === 'fail' || lateness === undefined) return withError(listOf('list.also', said));
  const late = reasonOf('release.late', { late: Math.round(lateness), bound: latenessBound(objectives) });
  return withError(listOf('list.also', [late, ...said]));
}

function missed({ name, events, bad }: Decision, objectives: Service['objectives'], paces: Paces): Reason {
  const { allowed, limit } = shareObjectives(objectives).find(objective => objective.name === name)!;
  const pace = paces[name];
  const share = percent(bad / events);
  const those = { objective: name, share, answers: Math.round(events), allowed: percent(allowed) };
  if (limit === undefined) return reasonOf('release.bad', those);
  if (!pace) return reasonOf('release.slow', { ...those, limit });
  return reasonOf('release.slower', { ...those, pace: pace.milliseconds, ofStable: pace.ofStable });
}

function open(decision: Decision, objectives: Service['objectives']): Reason {
  const { name: objective, limitation } = decision;
  if (limitation) return reasonOf('release.limited', { objective, limitation });
  const needed = decision.events > 0 ? eventsNeeded(decision, objectives) : undefined;
  const seen = { objective, answers: Math.round(decision.events), bad: Math.round(decision.bad) };
  return needed ? reasonOf('release.undecidedYet', { ...seen, needed }) : reasonOf('release.undecided', seen);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
