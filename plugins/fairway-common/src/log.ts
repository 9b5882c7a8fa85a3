import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';

/** The mildest level that is shown; worse ones are shown too. @public */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
/** How far back a search looks. @public */
export const logSpans = ['15m', '1h', '6h', '1d', '7d'] as const;
/** One of the spans of {@link logSpans}. @public */
export type LogSpan = (typeof logSpans)[number];

/** What is asked of the logs of a service. @public */
export const logQuerySchema = z.object({
  namespace: z.string().optional(),
  level: z.enum(logLevels).optional(),
  since: z.enum(logSpans).optional(),
  requestId: z.string().max(256).optional(),
  text: z.string().max(256).optional(),
});

/** A log store: of one cluster, or of several that share it. @public */
export const logStoreSchema = z.object({
  clusters: z.array(z.string()),
  state: z.enum(['live', 'unreachable']),
  /** What went wrong and what to do. */
  message: z.string().optional(),
  coded: codedReasonSchema.optional(),
});

/** A line of a log. @public */
export const logLineSchema = z.object({
  /** Clusters whose store holds it. */
  clusters: z.array(z.string()),
  /** RFC 3339, with nanoseconds. */
  time: z.string(),
  /** `debug`, `info`, `warn` or `error`; some programs have others. */
  level: z.string(),
  /** `access`, `firewall`, `engine` or `system`. */
  dataset: z.string(),
  message: z.string(),
  requestId: z.string().optional(),
  version: z.string().optional(),
  /** Subject of the token that the request came with. */
  tenant: z.string().optional(),
  model: z.string().optional(),
  status: z.number().optional(),
  durationMilliseconds: z.number().optional(),
  pod: z.string(),
});
/** Inferred from {@link logLineSchema}. @public */
export type LogLine = z.output<typeof logLineSchema>;
