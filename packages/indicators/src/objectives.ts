import type { Service } from '@fairway/service';

export type ObjectiveName = 'availability' | 'time-to-first-token' | 'inter-token-latency' | 'goodput';

/**
 * An objective as all gates see it: a share of events that may be bad. A percentile is one too, without any assumption on
 * the distribution: p95 is at most 500 ms exactly when at most 5 % of the events take longer than 500 ms.
 */
export interface ShareObjective {
  readonly name: ObjectiveName;
  /** Share of bad events that is allowed, over 0 and below 1. */
  readonly allowed: number;
  /** Milliseconds over which an event of a latency is bad. */
  readonly limit?: number;
  /** 1 to 99.99, for a latency. */
  readonly percentile?: number;
}

/** Probability of a wrong verdict that the objectives admit, 0 to 1. */
export function riskOf(objectives: Service['objectives']): number {
  return budget(objectives.confidence);
}

export function shareObjectives(objectives: Service['objectives']): readonly ShareObjective[] {
  const { availability, timeToFirstToken, interTokenLatency, goodput } = objectives;
  const latency = (name: ObjectiveName, { percentile, milliseconds }: typeof timeToFirstToken): ShareObjective => ({
    name,
    allowed: budget(percentile),
    limit: milliseconds,
    percentile,
  });
  return [
    { name: 'availability', allowed: budget(availability) },
    latency('time-to-first-token', timeToFirstToken),
    latency('inter-token-latency', interTokenLatency),
    { name: 'goodput', allowed: budget(goodput) },
  ];
}

/** What is left of 100 percent, 0 to 1, without the noise of binary fractions. */
export function budget(percent: number): number {
  return Number((1 - percent / 100).toPrecision(10));
}
