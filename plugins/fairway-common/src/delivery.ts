import { z } from 'zod';
import { recordSchema } from '@fairway/stage/record';
import { codedReasonSchema } from './reason.ts';
import { verdictSchema } from './verdict.ts';

/** Largest request of `POST /deliveries`, in bytes. */
export const maxIngestBytes = 10 * 1024 * 1024;

/** Body of `POST /deliveries`: a record and the text of those pieces of its evidence that the portal draws. */
export const ingestSchema = z.strictObject({
  record: recordSchema,
  /** Content by the digest ("sha256:<hex>") under which the record names it; checked against that digest. */
  evidence: z.record(z.string().regex(/^sha256:[0-9a-f]{64}$/), z.string()),
});
export type Ingest = z.output<typeof ingestSchema>;

export const deliverySummarySchema = z.object({
  id: z.string(),
  service: z.string(),
  /** Where it was deployed to; absent until `deploy` has passed. */
  environment: z.string().optional(),
  /** UID of the cluster's namespace kube-system. */
  cluster: z.string().optional(),
  /** Absent while it is not known. */
  namespace: z.string().optional(),
  verdict: verdictSchema,
  /** The stage at which it ended without passing. */
  failedStage: z.string().optional(),
  reason: z.string(),
  /** Of what the portal itself says; a stage's reason is text. */
  coded: codedReasonSchema.optional(),
  commit: z.string().optional(),
  digest: z.string().optional(),
  /** RFC 3339, UTC. */
  startedAt: z.string(),
  finishedAt: z.string(),
  /** "laptop" or the address of the run at GitHub or GitLab. */
  origin: z.string(),
});
export type DeliverySummary = z.output<typeof deliverySummarySchema>;

export const deliverySchema = deliverySummarySchema.extend({
  record: recordSchema,
  /** Digests of the pieces of evidence whose content the portal holds. */
  stored: z.array(z.string()),
});
export type Delivery = z.output<typeof deliverySchema>;
