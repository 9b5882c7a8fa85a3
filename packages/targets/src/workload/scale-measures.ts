import type { Service } from '@fairway/service';
import { engineProfile, formerNamesOf } from '@fairway/engines';

/** Metrics of engines by which pods are counted. */
export const scalingMetrics = ['requestsWaiting', 'requestsRunning', 'kvCacheUsage'] as const;
export type ScalingMetric = (typeof scalingMetrics)[number];

/** A metric of an engine, and what one pod may have of it on average. */
export interface Measure {
  readonly metric: ScalingMetric;
  /** Every name that the engine has had for it: a version that has another one scales too. */
  readonly names: readonly string[];
  readonly threshold: number;
}

/** What the pods of a service with `scaling` are counted by, as far as its engine measures it. */
export function measuresOf({ engine, scaling, serving }: Service): readonly Measure[] {
  if (!scaling) return [];
  const { name, metrics } = engineProfile(engine.name);
  const part = scaling.use / 100;
  const wanted: readonly Omit<Measure, 'names'>[] = [
    { metric: 'requestsWaiting', threshold: scaling.waiting },
    metrics.kvCacheUsage
      ? { metric: 'kvCacheUsage', threshold: part }
      : { metric: 'requestsRunning', threshold: part * serving.sequences },
  ];
  return wanted.flatMap(one => {
    const current = metrics[one.metric];
    return current ? [{ ...one, names: formerNamesOf(name, current) }] : [];
  });
}
