import type { Service } from '@fairway/service';
import { budget } from './objectives.ts';
import type { ObjectiveName, ShareObjective } from './objectives.ts';

/** What Prometheus can watch: the objectives, and how long whole answers take where the engine tells no latencies. */
export type WatchedObjective = Exclude<ObjectiveName, 'goodput'> | 'stream-duration';

/** Windows over which the share of bad events is recorded. */
export const recordedWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type RecordedWindow = (typeof recordedWindows)[number];

/** Windows that say that it matters, over which bad events are counted too. */
export type CountedWindow = Extract<RecordedWindow, '1h' | '6h' | '1d' | '3d'>;

/** Their seconds. */
export const countedWindows: Readonly<Record<CountedWindow, number>> = {
  '1h': 3600,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
};

type ServiceName = Pick<Service, 'namespace' | 'name'>;

/**
 * Name of the recorded share of bad events, 0 to 1, with the labels `service`, `namespace` and `objective`. `monitor` makes the rules, its
 * alerts and the portal read what they record.
 */
export function badShareRecord(window: RecordedWindow): string {
  return `service:error_events:ratio_rate${window}`;
}

/** Name of the recorded number of bad events, with the same labels. */
export function badEventsRecord(window: CountedWindow): string {
  return `service:error_events:increase${window}`;
}

/** Requests of users a second, mean of five minutes, as the gateway counts them. */
export const requestRateRecord = 'service:requests:rate5m';

/** Whole answers to users a second by the label `le`, in milliseconds, mean of five minutes: the buckets of a histogram. */
export const answerBucketRecord = 'service:answer_milliseconds_bucket:rate5m';

/** Matcher of everything that is recorded of a service. */
export function recordedOf({ namespace, name }: ServiceName): string {
  return `service="${name}",namespace="${namespace}"`;
}

/** Value of the label `job` of a service's pods. */
export function jobName({ namespace, name }: ServiceName): string {
  return `fairway/${namespace}/${name}`;
}

/** Matcher of the pods of those versions that users reach. */
export function podsOfUsers(service: ServiceName): string {
  return `job="${jobName(service)}",users="true"`;
}

/** Matcher of the pods of one version. */
export function podsOfVersion(service: ServiceName, revision: string): string {
  return `job="${jobName(service)}",revision="${revision}"`;
}

/**
 * What stands in for the latencies of an engine that has no histograms: a whole answer at the promised pace.
 * Its limit is in milliseconds: the first token, and the others of an answer of `load.outputTokens`.
 */
export function streamObjective({
  objectives: { timeToFirstToken, interTokenLatency },
  load,
}: {
  readonly objectives: Pick<Service['objectives'], 'timeToFirstToken' | 'interTokenLatency'>;
  readonly load: Pick<Service['load'], 'outputTokens'>;
}): Omit<Required<ShareObjective>, 'name'> & { readonly name: 'stream-duration' } {
  const percentile = Math.min(timeToFirstToken.percentile, interTokenLatency.percentile);
  return {
    name: 'stream-duration',
    limit: timeToFirstToken.milliseconds + (load.outputTokens - 1) * interTokenLatency.milliseconds,
    percentile,
    allowed: budget(percentile),
  };
}
