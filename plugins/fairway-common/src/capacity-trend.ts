import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';

/** One value for each day, null where Prometheus has none. */
const dailySchema = z.array(z.number().nullable());

/** GPUs of the last 30 whole days (UTC), as the DCGM figures of each cluster's Prometheus have them: means over each day. @public */
export const capacityTrendSchema = z.object({
  /** Begin of the first day, in seconds since 1970, and the seconds between two. */
  from: z.number(),
  step: z.number(),
  clusters: z.array(
    z.object({
      name: z.string(),
      /** `unmonitored`: no prometheusUrl is configured. */
      state: z.enum(['live', 'unmonitored', 'unreachable']),
      /** What went wrong and what to do. */
      message: z.string().optional(),
      coded: codedReasonSchema.optional(),
      /** As in the indicators of a service. */
      partial: z.string().optional(),
    }),
  ),
  classes: z.array(
    z.object({
      cluster: z.string(),
      /** As in the pools; of MIG instances with their profile. */
      class: z.string(),
      /** Devices that DCGM saw. */
      capacity: dailySchema,
      /** Of those, the ones that a pod held. */
      requested: dailySchema,
      /** Work of all of them, in devices that are busy all the time; DCGM has none for MIG instances. */
      used: dailySchema,
    }),
  ),
});
/** Inferred from {@link capacityTrendSchema}. @public */
export type CapacityTrend = z.output<typeof capacityTrendSchema>;
