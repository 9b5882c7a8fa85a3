import { z } from 'zod';

/** What of a service was used, by the ledger of the gateway. */
export const serviceUsageSchema = z.object({
  /** `none`: no cluster of the service has a ledgerUrl. `unreachable`: the ledger of one does not answer, so the sums would be too small. */
  state: z.enum(['live', 'unreachable', 'none']),
  /** What went wrong and what to do. */
  message: z.string().optional(),
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
      /** Requests whose tokens nobody counted, or whose model has no price. */
      unpriced: z.number().optional(),
    }),
  ),
});
export type ServiceUsage = z.output<typeof serviceUsageSchema>;
