import { z } from 'zod';
import { alertSchema, alertSourceSchema } from './alert.ts';
import { waitingPodSchema } from './capacity.ts';
import { deliverySummarySchema } from './delivery.ts';
import { clusterStatusSchema } from './deployment.ts';
import { serviceSummarySchema } from './service-summary.ts';

const total = z.number().int();

/** What needs somebody now. Each list has its first lines, and how many there are in all. @public */
export const homeSchema = z.object({
  clusters: z.array(clusterStatusSchema),
  /** Alerts that nobody silenced: those that page first, and of these the oldest. */
  burning: z.object({
    items: z.array(alertSchema),
    total,
    sources: z.array(alertSourceSchema),
    unwatched: z.array(z.string()),
  }),
  /** Deliveries that run, newest first. */
  delivering: z.object({ items: z.array(deliverySummarySchema), total }),
  /** Pods that wait for GPUs, oldest first. */
  waiting: z.object({
    items: z.array(waitingPodSchema.extend({ cluster: z.string(), class: z.string() })),
    total,
  }),
  /** Services whose owner is the user who asks or one of their groups: those with alerts first, then by name. */
  mine: z.object({
    /** The user and their groups as entity references; empty for a service that asks. */
    owners: z.array(z.string()),
    items: z.array(serviceSummarySchema),
    total,
  }),
});
/** Inferred from {@link homeSchema}. @public */
export type Home = z.output<typeof homeSchema>;
