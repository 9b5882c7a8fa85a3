import { eventsNeeded, ObjectiveJudge, overall, RequestTally } from '@fairway/indicators';
import type { Decision, Figure, ObjectiveName } from '@fairway/indicators';
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
  const decided = judge.look(tally.counts(later)).filter(one => names.includes(one.name));
  const decisions: readonly Decision[] = bottleneck
    ? decided.map(one => ({ ...one, verdict: 'inconclusive' as const }))
    : decided;
  const figures = tally.figures(later);
  const lines = decisions.map(decision => {
    const { name, verdict, limitation, events, bad } = decision;
    const open = verdict === 'inconclusive' && events > 0 && !bottleneck;
    const needed = open ? eventsNeeded(decision, objectives) : undefined;
    const decide = needed
      ? `, about ${needed} requests would decide`
      : ', no number of requests would decide so near to it';
    const figure = figures[name];
    const seen = figure
      ? `${measured(name, figure)}; ${bad.toFixed(0)} of ${events.toFixed(0)} events were bad${open ? decide : ''}`
      : 'not measured';
    const said = verdict === 'inconclusive' && limitation ? limitation : seen;
    return `${verdict.padEnd(12)} ${name}: ${said}${bottleneck ? '; the generator was the bottleneck' : ''}`;
  });
  return { verdict: overall(decisions), decisions, text: lines.join('\n') };
}

/** With its interval; a latency whose percentile never came is without end. */
function measured(name: ObjectiveName, { value, low, high }: Figure): string {
  const unit = name === 'availability' || name === 'goodput' ? '%' : 'ms';
  const shown = (one: number) => (Number.isFinite(one) ? `${one.toFixed(1)} ${unit}` : 'never');
  return low === Infinity ? 'never came' : `${shown(value)} (${shown(low)} to ${shown(high)})`;
}
