import { eventsNeeded, ObjectiveJudge, overall, RequestTally } from '@fairway/indicators';
import type { Decision } from '@fairway/indicators';
import type { LoadSample } from '@fairway/load';
import type { GivenObjectives } from './load-objectives.ts';

export interface JudgedObjectives {
  readonly verdict: Decision['verdict'];
  readonly decisions: readonly Decision[];
  readonly text: string;
}

/** @param bottleneck whether the generator was too slow: then nothing is known of the service */
export function judgeObjectives(
  { objectives, names }: GivenObjectives,
  samples: readonly LoadSample[],
  bottleneck: boolean,
): JudgedObjectives {
  const tally = new RequestTally(objectives);
  tally.add(samples);
  const judge = new ObjectiveJudge(objectives, Math.max(1, samples.length));
  const decisions = judge.look(tally.counts()).filter(one => names.includes(one.name));
  const figures = tally.figures();
  const lines = decisions.map(decision => {
    const { name, verdict, limitation, events, bad } = decision;
    const open = verdict === 'inconclusive' && events > 0;
    const needed = open ? eventsNeeded(decision, objectives) : undefined;
    const decide = needed
      ? `, about ${needed} requests would decide`
      : ', no number of requests would decide so near to it';
    const figure = figures[name];
    const measured = figure
      ? `${figure.value.toFixed(1)} (${figure.low.toFixed(1)} to ${figure.high.toFixed(1)})`
      : 'not measured';
    return `${verdict.padEnd(12)} ${name}: ${verdict === 'inconclusive' && limitation ? limitation : `${measured}; ${bad.toFixed(0)} of ${events.toFixed(0)} events were bad${open ? decide : ''}`}`;
  });
  return { verdict: bottleneck ? 'inconclusive' : overall(decisions), decisions, text: lines.join('\n') };
}
