import { eventsNeeded, overall, shareObjectives } from '@fairway/indicators';
import type { Decision, Figure, ObjectiveName } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import { english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Verdict } from '@fairway/stage';

/** An objective beside what was measured of it, as people and the portal read it. */
export interface Check {
  readonly name: string;
  /** The same for readers of other languages. */
  readonly indicator: Reason;
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
  readonly reason: Reason | string;
  readonly checks: readonly Check[];
}

export function checksOf(
  decisions: readonly Decision[],
  figures: Readonly<Record<ObjectiveName, Figure | undefined>>,
  objectives: Service['objectives'],
): readonly Check[] {
  return shareObjectives(objectives).map((objective, index) => {
    const { verdict, events, limitation } = decisions[index]!;
    const { name, limit, percentile, allowed } = objective;
    const figure = figures[name];
    const bare = reasonOf(`indicator.${name}`);
    const indicator =
      percentile === undefined ? bare : reasonOf('indicator.percentile', { indicator: bare, percentile });
    return {
      name: english(indicator),
      indicator,
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
 * @param failures kinds of errors with their number and first detail
 * @param rejected requests that say nothing of the service, because the gateway did not take them from this sender
 */
export function judgement(
  decisions: readonly Decision[],
  checks: readonly Check[],
  failures: readonly Reason[],
  rejected: readonly Reason[],
): Judgement {
  const end = [...rejected, ...failures];
  const said = (...parts: readonly (Reason | string)[]) => listOf('list.then', parts);
  const of = (verdict: Check['verdict']) => checks.filter(one => one.verdict === verdict);
  const requests = Math.max(0, ...checks.map(one => one.events));
  const verdict = overall(decisions);
  if (requests === 0)
    return {
      verdict: 'inconclusive',
      reason: said(reasonOf('loadTest.none'), ...(end.length > 0 ? end : [reasonOf('loadTest.longer')])),
      checks,
    };
  if (verdict === 'fail')
    return { verdict, reason: said(reasonOf('stage.ended', { sentence: all(of('fail').map(say)) }), ...end), checks };
  if (verdict === 'inconclusive')
    return {
      verdict,
      reason: said(reasonOf('loadTest.open', { requests, checks: all(of('inconclusive').map(open)) }), ...end),
      checks,
    };
  return {
    verdict,
    reason: said(reasonOf('loadTest.met', { requests, checks: all(checks.map(say)) }), ...rejected),
    checks,
  };
}

function all(parts: readonly Reason[]): Reason | string {
  return listOf('list.also', parts);
}

function say({ indicator, unit, direction, target, low, high, value, limitation }: Check): Reason {
  const came =
    value === undefined
      ? reasonOf('loadTest.never')
      : reasonOf('loadTest.is', { value: figure(value), unit, low: figure(low), high: figure(high) });
  // by gaps that are longer than those between tokens
  const measured = limitation ? reasonOf('loadTest.byChunks', { measured: came }) : came;
  const code = direction === 'at most' ? 'loadTest.atMost' : 'loadTest.atLeast';
  return reasonOf(code, { indicator, measured, target, unit });
}

function open(one: Check): Reason {
  const { indicator, limitation, events, needed } = one;
  if (limitation) return reasonOf('loadTest.limited', { indicator, limitation });
  if (events === 0) return reasonOf('loadTest.unmeasured', { indicator });
  const check = say(one);
  return needed ? reasonOf('loadTest.needed', { check, requests: needed }) : reasonOf('loadTest.near', { check });
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
