import * as z from 'zod';
import { codedSchema } from './coded.ts';
import { stageOrder } from './verdict.ts';

/** Version of the stored format. Readers take every older version; a newer one is refused with a sentence. */
export const recordSchemaVersion = 1;

const evidenceSchema = z.object({ mediaType: z.string(), path: z.string(), digest: z.string() });

const stageEntrySchema = z.object({
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'skipped']),
  reason: z.string(),
  /** The same for readers of other languages; absent for the words of another program, and in records from before it was stored. */
  coded: codedSchema.optional(),
  /** Content key of the run: `sha256:<hex>`; empty when the stage failed before its key was known. */
  key: z.string(),
  /** RFC 3339, UTC. */
  startedAt: z.string(),
  finishedAt: z.string(),
  outputs: z.record(z.string(), z.string()),
  evidence: z.array(evidenceSchema),
  /** True once an earlier stage ran again after this entry was written: kept for skipping, not read by later stages. */
  stale: z.boolean().optional(),
});

export const recordSchema = z.object({
  schemaVersion: z.literal(recordSchemaVersion),
  /** Identifies the delivery; a new one begins when `prepare` runs on changed content. */
  id: z.string(),
  /** Where it was deployed, such as "production"; absent until `deploy` has passed, and in records from before it was stored. */
  environment: z.string().optional(),
  /** The cluster it was deployed to: UID of its namespace kube-system, which no other cluster has. Absent where that may not be read. */
  cluster: z.string().optional(),
  /** When the service was taken out of that cluster, RFC 3339, UTC; absent again once it is deployed. */
  removedAt: z.string().optional(),
  /** Address of the run that began the delivery, for people; absent where a command line did. */
  run: z.string().optional(),
  /** The environment from which the image was taken as it is; absent where it was made in this delivery. */
  promotedFrom: z.string().optional(),
  service: z.object({ name: z.string() }),
  source: z.object({
    commit: z.string().optional(),
    /** Of the commit: name of its author and first line of its message. Absent in records from before they were stored. */
    author: z.string().optional(),
    subject: z.string().optional(),
    /** Number of the merge request that GitLab names in the message when it merges one. */
    mergeRequest: z.string().optional(),
    /** Folder of `mkdocs.yml` in the repository, `.` for its root; absent where there is none beside fairway.yaml. */
    docs: z.string().optional(),
    /** Whether the source differs from the commit: changed files, or new ones that Git does not ignore. Absent where it does not. */
    modified: z.boolean().optional(),
    digest: z.string().optional(),
  }),
  /**
   * The digest of the manifest of the image as the last stage left it, from `build` on; `push` adds the reference,
   * `<registry>/<repository>@sha256:<hex>`. Records from before images were OCI layouts have both from `push` on only.
   */
  image: z.object({ reference: z.string().optional(), digest: z.string().optional() }),
  stages: z.partialRecord(z.enum(stageOrder), stageEntrySchema),
});

/** A file that backs a verdict. `path` is relative to the `.fairway` folder, `digest` is `sha256:<hex>`. */
export type Evidence = Readonly<z.output<typeof evidenceSchema>>;
export type StageEntry = z.output<typeof stageEntrySchema>;
/** What happened to one service on its way to production: `.fairway/delivery.json`. */
export type DeliveryRecord = z.output<typeof recordSchema>;

/**
 * The two records as one: of every stage the entry that finished last. For jobs that ran side by side, or on another machine.
 * Records of different deliveries are not mixed: the one that is newer wins whole.
 */
export function mergeRecords(ours: DeliveryRecord, theirs: DeliveryRecord): DeliveryRecord {
  if (ours.id !== theirs.id) return lastFinish(ours) >= lastFinish(theirs) ? ours : theirs;
  const stages = { ...ours.stages };
  for (const name of stageOrder) {
    const mine = ours.stages[name];
    const other = theirs.stages[name];
    if (other && (!mine || other.finishedAt > mine.finishedAt)) stages[name] = other;
  }
  return {
    ...ours,
    environment: ours.environment ?? theirs.environment,
    cluster: ours.cluster ?? theirs.cluster,
    promotedFrom: ours.promotedFrom ?? theirs.promotedFrom,
    source: { ...theirs.source, ...ours.source },
    image:
      lastFinish(ours) >= lastFinish(theirs) ? { ...theirs.image, ...ours.image } : { ...ours.image, ...theirs.image },
    stages,
  };
}

/** The record after its service was taken out of the cluster: what was built and pushed stands, what was put in place is read no more. */
export function afterRemoval(record: DeliveryRecord, at: Date): DeliveryRecord {
  const stages = { ...record.stages };
  for (const name of stageOrder.slice(stageOrder.indexOf('deploy'))) {
    const entry = stages[name];
    if (entry) stages[name] = { ...entry, stale: true };
  }
  return { ...record, removedAt: at.toISOString(), stages };
}

function lastFinish(record: DeliveryRecord): string {
  return Object.values(record.stages).reduce((last, entry) => (entry.finishedAt > last ? entry.finishedAt : last), '');
}
