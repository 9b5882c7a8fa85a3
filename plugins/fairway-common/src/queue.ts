import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';

/** A LocalQueue of Kueue. @public */
export const queuePlaceSchema = z.strictObject({ cluster: z.string(), namespace: z.string(), name: z.string() });
/** Inferred from {@link queuePlaceSchema}. @public */
export type QueuePlace = z.output<typeof queuePlaceSchema>;

/** A LocalQueue, what waits in it, and who uses it. @public */
export const queueViewSchema = z.object({
  ...queuePlaceSchema.shape,
  clusterQueue: z.string(),
  /** Workloads that it has not admitted. */
  waiting: z.number().int(),
  /** Services whose versions wait for it (`workload.queue`), of those that the reader may see. */
  services: z.array(z.string()),
});
/** Inferred from {@link queueViewSchema}. @public */
export type QueueView = z.output<typeof queueViewSchema>;

/** What is known of the queues of a cluster. @public */
export const queueSourceSchema = z.object({
  cluster: z.string(),
  /** `absent`: it has no Kueue; `hidden`: the portal cannot read its queues. */
  state: z.enum(['live', 'connecting', 'absent', 'hidden']),
  /** Why they are hidden. */
  message: z.string().optional(),
  coded: codedReasonSchema.optional(),
});
/** Inferred from {@link queueSourceSchema}. @public */
export type QueueSource = z.output<typeof queueSourceSchema>;

/** Whether a queue admits all replicas of a question. @public */
export const queueAnswerSchema = z.object({
  admits: z.enum(['now', 'later', 'never', 'unknown']),
  /** Why not now; the words of `prepare`. */
  reason: z.string().optional(),
  coded: codedReasonSchema.optional(),
});
/** Inferred from {@link queueAnswerSchema}. @public */
export type QueueAnswer = z.output<typeof queueAnswerSchema>;
