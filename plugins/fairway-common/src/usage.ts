import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';

/** What of a service was used, by the ledger of the gateway. @public */
export const serviceUsageSchema = z.object({
  /** `none`: no cluster of the service has a ledgerUrl. `unreachable`: the ledger of one does not answer, so the sums would be too small. */
  state: z.enum(['live', 'unreachable', 'none']),
  /** What went wrong and what to do. */
  message: z.string().optional(),
  coded: codedReasonSchema.optional(),
  /** First and last day (UTC), YYYY-MM-DD; days without use are left out. */
  from: z.string(),
  to: z.string(),
  /** As `fairway.prices` names it; absent without prices. */
  currency: z.string().optional(),
  days: z.array(
    z.object({
      day: z.string(),
      requests: z.number(),
      /** With a status of 400 or more. */
      failed: z.number(),
      promptTokens: z.number(),
      completionTokens: z.number(),
      /** Of the requests that have a price; absent without prices. */
      cost: z.number().optional(),
      /** Requests that are in the cost in part or not at all: the engine did not count their tokens, or their model has no price. */
      unpriced: z.number().optional(),
    }),
  ),
});
/** Inferred from {@link serviceUsageSchema}. @public */
export type ServiceUsage = z.output<typeof serviceUsageSchema>;

/** What the use of all services is summed up by; `service` is `namespace/name`. @public */
export const usageGroups = ['team', 'service', 'model', 'version', 'day'] as const;
/** One of {@link usageGroups}. @public */
export type UsageGroup = (typeof usageGroups)[number];

const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine(text => !Number.isNaN(Date.parse(text)), 'must be a day such as 2026-11-26');

/** By what the use of all services is narrowed. @public */
export const usageFilterSchema = z.object({
  /** First and last day (UTC); default: the last 30. */
  from: day.optional(),
  to: day.optional(),
  team: z.string().optional(),
  service: z.string().optional(),
  model: z.string().optional(),
});
/** Inferred from {@link usageFilterSchema}. @public */
export type UsageFilter = z.output<typeof usageFilterSchema>;

/** Use and cost of all services, by group. @public */
export const allUsageSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** As `fairway.prices` names it; absent without prices. */
  currency: z.string().optional(),
  /** Each ledger once, however many clusters share it. Sums are without those that are unreachable. */
  ledgers: z.array(
    z.object({
      clusters: z.array(z.string()),
      state: z.enum(['live', 'unreachable']),
      /** What went wrong and what to do. */
      message: z.string().optional(),
      coded: codedReasonSchema.optional(),
    }),
  ),
  /** Clusters without a ledger. */
  unledgered: z.array(z.string()),
  /** What the use can be narrowed to, whatever it is narrowed to now. */
  choices: z.object({ team: z.array(z.string()), service: z.array(z.string()), model: z.array(z.string()) }),
  /** Those with the most tokens first, days the newest first; 1000 at most. */
  items: z.array(
    z.object({
      /** Empty where the gateway did not see it. */
      group: z.string(),
      requests: z.number(),
      /** With a status of 400 or more. */
      failed: z.number(),
      /** Answered from the response cache. */
      cached: z.number(),
      promptTokens: z.number(),
      completionTokens: z.number(),
      /** Mean time to the first token of streams, in milliseconds; absent without streams. */
      timeToFirstToken: z.number().optional(),
      /** Of the requests that have a price; absent without prices. */
      cost: z.number().optional(),
      /** Requests that are in the cost in part or not at all: the engine did not count their tokens, or their model has no price. */
      unpriced: z.number().optional(),
    }),
  ),
  /** Groups in all. */
  total: z.number().int(),
  /** Of all groups, those too that are not among the items. */
  sum: z.object({
    requests: z.number(),
    promptTokens: z.number(),
    completionTokens: z.number(),
    /** As those of the items; absent without prices. */
    cost: z.number().optional(),
    unpriced: z.number().optional(),
  }),
});
/** Inferred from {@link allUsageSchema}. @public */
export type AllUsage = z.output<typeof allUsageSchema>;
