import { z } from 'zod';
import { recordSchema } from '@fairway/stage/record';
import { codedReasonSchema } from './reason.ts';
import { verdictSchema } from './verdict.ts';

/** Largest request of `POST /deliveries`, in bytes. @public */
export const maxIngestBytes = 10 * 1024 * 1024;

/** Body of `POST /deliveries`: a record and the text of those pieces of its evidence that the portal draws. @public */
export const ingestSchema = z.strictObject({
  record: recordSchema,
  /** Content by the digest ("sha256:<hex>") under which the record names it; checked against that digest. */
  evidence: z.record(z.string().regex(/^sha256:[0-9a-f]{64}$/), z.string()),
});
/** Inferred from {@link ingestSchema}. @public */
export type Ingest = z.output<typeof ingestSchema>;

/** A delivery in a list. @public */
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
  /** The same for readers of other languages; absent for the words of another program, and of deliveries from before it was stored. */
  coded: codedReasonSchema.optional(),
  commit: z.string().optional(),
  digest: z.string().optional(),
  /** RFC 3339, UTC. */
  startedAt: z.string(),
  finishedAt: z.string(),
  /** "laptop" or the address of the run at GitHub or GitLab. */
  origin: z.string(),
});
/** Inferred from {@link deliverySummarySchema}. @public */
export type DeliverySummary = z.output<typeof deliverySummarySchema>;

/**
 * What the registry says of a record: that it is the one which `push` attached to the image, that it differs in `words`, that none of this
 * delivery is attached, or that the registry does not answer, in its words.
 * @public
 */
export const recordCheckSchema = z.object({
  state: z.enum(['verified', 'differs', 'no-referrer', 'unreachable']),
  at: z.string(),
  words: z.string().optional(),
  /** The words of a registry that does not answer, for readers of other languages. */
  coded: codedReasonSchema.optional(),
});
/** Inferred from {@link recordCheckSchema}. @public */
export type RecordCheck = z.output<typeof recordCheckSchema>;

/** A delivery with its record. @public */
export const deliverySchema = deliverySummarySchema.extend({
  record: recordSchema,
  /** Absent where the portal verifies no records of that registry, or the image is not pushed. */
  recordCheck: recordCheckSchema.optional(),
  /** Digests of the pieces of evidence whose content the portal holds. */
  stored: z.array(z.string()),
  /** Who can deliver it again: the portal, whoever opens the run of `origin`, or whoever has the folder of the service. */
  again: z.enum(['portal', 'host', 'command']),
});
/** Inferred from {@link deliverySchema}. @public */
export type Delivery = z.output<typeof deliverySchema>;
