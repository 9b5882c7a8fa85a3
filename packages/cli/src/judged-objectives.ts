import { eventsNeeded, ObjectiveJudge, overall, RequestTally } from '@fairway/indicators';
import type { Decision } from '@fairway/indicators';
import type { LoadSample } from '@fairway/load';
import type { GivenObjectives } from './load-objectives.ts';

export interface JudgedObjectives {
  readonly verdict: Decision['verdict'];
  readonly decisions: readonly Decision[];
  readonly text: string;
}

/**
 * Judges the requests up to the first that was cancelled, as a load test does: those that ended after it are the quick ones only. Of the
 * others the time to the first token may be known.
 * @param bottleneck whether the generator was too slow: then nothing is known of the service
 */
export function judgeObjectives(
  { objectives, names }: GivenObjectives,
  samples: readonly LoadSample[],
  bottleneck: boolean,
): JudgedObjectives {
  const tally = new RequestTally(objectives);
  const cut = samples.findIndex(sample => sample.cancelled);
  const later = cut < 0 ? [] : samples.slice(cut);
  tally.add(samples.slice(0, samples.length - later.length));
  const judge = new ObjectiveJudge(objectives, Math.max(1, samples.length));
  const decisions = judge.look(tally.counts(later)).filter(one => names.includes(one.name));
  const figures = tally.figures(later);
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
