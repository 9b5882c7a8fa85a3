import { eventsNeeded, overall, shareObjectives } from '@fairway/indicators';
import type { Decision, Figure, ObjectiveName } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Verdict } from '@fairway/stage';

/** An objective beside what was measured of it, as people and the portal read it. */
export interface Check {
  readonly name: string;
  readonly unit: 'ms' | '%';
  /** Absent without events; an end that nothing bounds is absent too. */
  readonly value: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly target: number;
  readonly direction: 'at most' | 'at least';
  readonly events: number;
  readonly verdict: Decision['verdict'];
  /** Requests that would have decided; absent where there is a decision, and on the limit itself. */
  readonly needed: number | undefined;
  /** Why its events are worse than what they stand for. */
  readonly limitation: string | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly checks: readonly Check[];
}

const names: Readonly<Record<ObjectiveName, string>> = {
  availability: 'answered without an error',
  'time-to-first-token': 'time to first token',
  'inter-token-latency': 'inter-token latency',
  goodput: 'goodput',
};

export function checksOf(
  decisions: readonly Decision[],
  figures: Readonly<Record<ObjectiveName, Figure | undefined>>,
  objectives: Service['objectives'],
): readonly Check[] {
  return shareObjectives(objectives).map((objective, index) => {
    const { verdict, events, limitation } = decisions[index]!;
    const { name, limit, percentile, allowed } = objective;
    const figure = figures[name];
    return {
      name: percentile === undefined ? names[name] : `${names[name]}, p${percentile}`,
      unit: limit === undefined ? '%' : 'ms',
      value: finite(figure?.value),
      low: finite(figure?.low),
      high: finite(figure?.high),
      target: limit ?? Number((100 - 100 * allowed).toPrecision(10)),
      direction: limit === undefined ? 'at least' : 'at most',
      events,
      verdict,
      needed: verdict === 'inconclusive' && !limitation ? eventsNeeded(decisions[index]!, objectives) : undefined,
      limitation,
    };
  });
}

/**
 * @param failures kinds of errors with their number and first detail, for the end of a reason
 * @param rejected requests that say nothing of the service, because the gateway did not take them from this sender
 */
export function judgement(
  decisions: readonly Decision[],
  checks: readonly Check[],
  failures: string,
  rejected: string,
): Judgement {
  const end = `${rejected}${failures}`;
  const of = (verdict: Check['verdict']) => checks.filter(one => one.verdict === verdict);
  const requests = Math.max(0, ...checks.map(one => one.events));
  const verdict = overall(decisions);
  if (requests === 0)
    return { verdict: 'inconclusive', reason: `No request was measured.${end || ' Raise load.maxSeconds.'}`, checks };
  if (verdict === 'fail') return { verdict, reason: `${of('fail').map(say).join('; ')}.${end}`, checks };
  if (verdict === 'inconclusive')
    return {
      verdict,
      reason: `${requests} requests do not decide: ${of('inconclusive').map(open).join('; ')}.${end}`,
      checks,
    };
  return {
    verdict,
    reason: `${requests} requests meet the objectives: ${checks.map(say).join('; ')}.${rejected}`,
    checks,
  };
}

function say(one: Check): string {
  const { name, unit, direction, target, low, high } = one;
  const measured =
    one.value === undefined ? 'never came' : `is ${figure(one.value)} ${unit} (${figure(low)} to ${figure(high)})`;
  // by gaps that are longer than those between tokens
  const by = one.limitation ? ' by the gaps between chunks' : '';
  return `${name} ${measured}${by}, the objective is ${direction} ${target} ${unit}`;
}

function open(one: Check): string {
  if (one.limitation) return `${one.name}: ${one.limitation}`;
  if (one.events === 0) return `${one.name} could not be measured`;
  const decide = one.needed
    ? `, about ${one.needed} requests would decide`
    : ', it lies so near to the objective that no number of requests would decide';
  return `${say(one)}${decide}`;
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** In tenths; a share near 100 percent in thousandths, because there the objectives lie. */
export function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  const places = value > 99 && value < 100 ? 1000 : 10;
  return String(Math.round(value * places) / places);
}
