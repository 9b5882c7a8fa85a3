import type { Service } from '@fairway/service';
import { leastAnswers } from './observation.ts';
import type { Observed } from './observation.ts';

/**
 * Why a step must not go on, as one sentence; undefined when it may. Any error counts, whoever caused it; slow answers of
 * the candidate count once they are more than the goodput objective allows, and never at the first: one is chance.
 */
export function objectionToStep(
  seen: readonly Observed[],
  candidate: string,
  objectives: Service['objectives'],
): string | undefined {
  const errors = seen.filter(one => one.error);
  if (errors.length > 0) return `${errors.length} of ${seen.length} requests failed: ${errors[0]?.error}`;
  const own = seen.filter(one => one.revision === candidate);
  if (own.length < leastAnswers)
    return `the new version answered ${own.length} of ${seen.length} requests, which is too few to judge it`;
  const slow = own.filter(
    one =>
      (one.timeToFirstToken ?? Infinity) > objectives.timeToFirstToken.milliseconds ||
      (one.interTokenLatency ?? 0) > objectives.interTokenLatency.milliseconds,
  );
  const allowed = Math.max(1, Math.floor(own.length * (1 - objectives.goodput / 100)));
  if (slow.length <= allowed) return undefined;
  const worst = (of: (one: Observed) => number | undefined) => Math.round(Math.max(...slow.map(one => of(one) ?? 0)));
  const first = `slowest first token ${worst(one => one.timeToFirstToken)} of ${objectives.timeToFirstToken.milliseconds} ms`;
  const pace = `slowest pace ${worst(one => one.interTokenLatency)} of ${objectives.interTokenLatency.milliseconds} ms a token`;
  return `${slow.length} of ${own.length} answers of the new version miss the latency objectives (${first}, ${pace}); ${allowed} may`;
}
