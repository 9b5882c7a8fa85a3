import { eventsNeeded, shareObjectives } from '@fairway/indicators';
import type { Decision } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Paces } from './pace.ts';
import type { Judged } from './step.ts';

/** Why a step must not go on, as part of a sentence; undefined when it may. */
export function stepReason(
  judged: Judged,
  verdict: Decision['verdict'],
  objectives: Service['objectives'],
): string | undefined {
  if (verdict === 'pass') return undefined;
  const of = judged.decisions.filter(decision => decision.verdict === verdict);
  const first = judged.firstError ? `; the first error: ${judged.firstError}` : '';
  if (verdict === 'inconclusive' && judged.gatewayErrors > 0 && of.length === 0)
    return `the gateway itself failed ${judged.gatewayErrors} requests, which says nothing of the version${first}`;
  const said = of.map(decision =>
    verdict === 'fail' ? missed(decision, objectives, judged.paces) : open(decision, objectives),
  );
  return `${said.join('; ')}${first}`;
}

function missed({ name, events, bad }: Decision, objectives: Service['objectives'], paces: Paces): string {
  const { allowed, limit } = shareObjectives(objectives).find(objective => objective.name === name)!;
  const pace = paces[name];
  const late = pace
    ? `${pace.milliseconds} ms, where the version that serves keeps ${pace.ofStable} ms`
    : `${limit} ms`;
  const what = limit === undefined ? 'were bad' : `took longer than ${late}`;
  return `${name} is missed: ${percent(bad / events)} of ${Math.round(events)} answers ${what}, ${percent(allowed)} may`;
}

function open(decision: Decision, objectives: Service['objectives']): string {
  if (decision.limitation) return `${decision.name} cannot be judged: ${decision.limitation}`;
  const needed = decision.events > 0 ? eventsNeeded(decision, objectives) : undefined;
  const decide = needed ? `, about ${needed} would decide` : '';
  return `${decision.name} is not decided by ${Math.round(decision.events)} answers, ${Math.round(decision.bad)} of them bad${decide}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
