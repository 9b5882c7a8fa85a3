import type { Service } from '@fairway/service';
import type { Verdict } from '@fairway/stage';
import { percentile } from './indicators.ts';
import type { Row } from './indicators.ts';
import { randomNumbers } from './random.ts';

export interface Check {
  readonly name: string;
  readonly unit: 'ms' | '%';
  readonly value: number | undefined;
  /** 95 % interval of the value. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly target: number;
  /** Whether the target is an upper or a lower limit. */
  readonly direction: 'at most' | 'at least';
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly checks: readonly Check[];
}

const resamples = 2000;
const seed = 1;

/**
 * Compares rows with the objectives. A check passes or fails only when its whole 95 % interval lies on one side of the
 * target; one that straddles it is inconclusive, as is a run without requests.
 */
export function judge(rows: readonly Row[], objectives: Service['objectives']): Judgement {
  if (rows.length === 0)
    return {
      verdict: 'inconclusive',
      reason: 'No request was measured: raise load.seconds or load.requestsPerSecond.',
      checks: [],
    };
  const ttft = objectives.timeToFirstToken;
  const itl = objectives.interTokenLatency;
  const checks = [
    check(`time to first token, p${ttft.percentile}`, 'ms', 'at most', ttft.milliseconds, rows, sample =>
      percentile(
        sample.flatMap(row => row.ttftFromScheduled ?? []),
        ttft.percentile,
      ),
    ),
    check(`inter-token latency, p${itl.percentile}`, 'ms', 'at most', itl.milliseconds, rows, sample =>
      percentile(
        sample.flatMap(row => row.itl),
        itl.percentile,
      ),
    ),
    check('goodput', '%', 'at least', objectives.goodput, rows, sample => share(sample, row => row.good)),
    check('answered without an error', '%', 'at least', objectives.availability, rows, sample =>
      share(sample, row => !row.error),
    ),
  ];
  const failed = checks.filter(one => one.verdict === 'fail');
  const open = checks.filter(one => one.verdict === 'inconclusive');
  if (failed.length > 0) return { verdict: 'fail', reason: `${failed.map(say).join('; ')}.${errors(rows)}`, checks };
  if (open.length > 0) {
    return {
      verdict: 'inconclusive',
      reason: `${rows.length} requests are too few to tell: ${open.map(say).join('; ')}. Raise load.seconds.${errors(rows)}`,
      checks,
    };
  }
  return {
    verdict: 'pass',
    reason: `${rows.length} requests meet the objectives: ${checks.slice(0, 3).map(say).join('; ')}.`,
    checks,
  };
}

function check(
  name: string,
  unit: Check['unit'],
  direction: Check['direction'],
  target: number,
  rows: readonly Row[],
  statistic: (rows: readonly Row[]) => number | undefined,
): Check {
  const value = statistic(rows);
  const [low, high] = interval(rows, statistic);
  const within = (side: number) => (direction === 'at most' ? side <= target : side >= target);
  const verdict =
    low === undefined || high === undefined
      ? 'inconclusive'
      : within(low) && within(high)
        ? 'pass'
        : !within(low) && !within(high)
          ? 'fail'
          : 'inconclusive';
  return { name, unit, value, low, high, target, direction, verdict };
}

function interval(
  rows: readonly Row[],
  statistic: (rows: readonly Row[]) => number | undefined,
): [number | undefined, number | undefined] {
  const random = randomNumbers(seed);
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const sample = Array.from(rows, () => rows[Math.floor(random() * rows.length)] as Row);
    const value = statistic(sample);
    if (value !== undefined) values.push(value);
  }
  return [percentile(values, 2.5), percentile(values, 97.5)];
}

function share(rows: readonly Row[], of: (row: Row) => boolean): number {
  return (100 * rows.filter(of).length) / rows.length;
}

function say(one: Check): string {
  if (one.value === undefined) return `${one.name} could not be measured`;
  return `${one.name} is ${figure(one.value)} ${one.unit} (${figure(one.low)} to ${figure(one.high)}), the objective is ${one.direction} ${one.target} ${one.unit}`;
}

/** Errors by kind with the most telling detail, for the end of a reason. */
function errors(rows: readonly Row[]): string {
  const failed = rows.filter(row => row.error);
  if (failed.length === 0) return '';
  const kinds = new Map<string, number>();
  for (const row of failed) kinds.set(row.error ?? '', (kinds.get(row.error ?? '') ?? 0) + 1);
  const counted = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return ` Errors: ${counted}; the first: ${failed[0]?.errorDetail}.`;
}

export function figure(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value * 10) / 10);
}
