import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';

/** How far back the indicators of a service are drawn. @public */
export const indicatorRanges = ['1h', '24h', '7d'] as const;
/** One of {@link indicatorRanges}. @public */
export type IndicatorRange = (typeof indicatorRanges)[number];

/** One value for each moment of the answer; null where Prometheus has none, which is a gap and no zero. */
const valuesSchema = z.array(z.number().nullable());

/** Objectives that a page draws, in its order. @public */
export const objectiveNames = [
  'availability',
  'time-to-first-token',
  'inter-token-latency',
  'stream-duration',
  'goodput',
] as const;

/** An objective and how far it was met: by the rules that `monitor` made for its alerts. @public */
export const watchedObjectiveSchema = z.object({
  /** `stream-duration` stands in for the latencies of an engine that tells none. */
  name: z.enum(objectiveNames),
  /** Share of bad events that is allowed, over 0 and below 1. */
  allowed: z.number(),
  /** Of a latency: an event is bad over so many milliseconds. */
  milliseconds: z.number().optional(),
  /** Share of bad events, 0 to 1. Absent for goodput: Prometheus has no figure by request, so only load tests and releases know it. */
  bad: valuesSchema.optional(),
  /** Over the last hour; absent without an event in it. */
  badLastHour: z.number().optional(),
  /** Part of the error budget of the three days before each moment that is not used: 1 to 0, and below where it is overdrawn. */
  budgetLeft: valuesSchema.optional(),
});
/** Inferred from {@link watchedObjectiveSchema}. @public */
export type WatchedObjective = z.output<typeof watchedObjectiveSchema>;

/** Latencies that a page draws, in its order. @public */
export const latencyNames = ['time-to-first-token', 'inter-token-latency', 'whole-answer'] as const;

/** A latency over time, by version. @public */
export const latencySeriesSchema = z.object({
  name: z.enum(latencyNames),
  /** The objective that belongs to it, as a line. */
  limit: z.object({ percentile: z.number(), milliseconds: z.number() }).optional(),
  /** In milliseconds, by percentile. */
  lines: z.array(z.object({ percentile: z.number(), values: valuesSchema })),
});
/** Inferred from {@link latencySeriesSchema}. @public */
export type LatencySeries = z.output<typeof latencySeriesSchema>;

/** How a service fares, by the Prometheus of a cluster. @public */
export const serviceIndicatorsSchema = z.object({
  /** Whose Prometheus was asked; absent when none was. */
  cluster: z.string().optional(),
  /** Clusters that have the service. */
  clusters: z.array(z.string()),
  /**
   * `unreachable`: Prometheus did not answer. `unmonitored`: the cluster has no prometheusUrl in the portal's configuration.
   * `nowhere`: no cluster has the service. In these three nothing is known.
   */
  state: z.enum(['live', 'unreachable', 'unmonitored', 'nowhere']),
  /** What went wrong and what to do. */
  message: z.string().optional(),
  coded: codedReasonSchema.optional(),
  /** Of a store in several parts, such as Thanos or Mimir: its words for those that gave nothing. The figures may then be too low. */
  partial: z.string().optional(),
  /** First moment, in seconds since 1970, and the seconds between two. */
  from: z.number(),
  step: z.number(),
  objectives: z.array(watchedObjectiveSchema),
  /** The engine, where it publishes no histogram of one of the latencies. */
  withoutHistograms: z.string().optional(),
  /** Whose gateway stands before the service, where it is not the one that `mesh` puts there: then nobody counts its requests. */
  ownGateway: z.string().optional(),
  latencies: z.array(latencySeriesSchema),
  /** Requests of users a second. */
  requests: valuesSchema,
  /** Output tokens a second by version, those of tests too. */
  versions: z.array(z.object({ revision: z.string(), values: valuesSchema })),
});
/** Inferred from {@link serviceIndicatorsSchema}. @public */
export type ServiceIndicators = z.output<typeof serviceIndicatorsSchema>;
