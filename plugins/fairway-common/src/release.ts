import { z } from 'zod';

/** What going back means: users of the versions in `from` get the version `to`, which was released before. @public */
export const goBackSchema = z.strictObject({ from: z.array(z.string()), to: z.string() });
/** Inferred from {@link goBackSchema}. @public */
export type GoBack = z.output<typeof goBackSchema>;

/** A release whose runner stopped renewing its lease while versions that are not released had users. @public */
export const brokenOffSchema = z.object({
  /** Who held the lease: a delivery and its machine. */
  holder: z.string(),
  /** RFC 3339: when the lease was taken, and when it was renewed last. */
  since: z.string(),
  renewed: z.string(),
  /** Version that was released last. */
  released: z.string(),
  /** Versions that have users and are not that one; percent of the traffic. */
  candidates: z.array(z.object({ revision: z.string(), weight: z.number() })),
});
/** Inferred from {@link brokenOffSchema}. @public */
export type BrokenOff = z.output<typeof brokenOffSchema>;

const askedSchema = z.object({ by: z.string(), at: z.string() });

/** A release in its steps. @public */
export const runningReleaseSchema = z.object({
  /** A delivery and its machine. */
  holder: z.string(),
  candidate: z.string(),
  stable: z.string(),
  /** Percent of the users that the candidate has. */
  weight: z.number(),
  /** From 1. */
  step: z.number().int(),
  steps: z.number().int(),
  /** What the release has heard of what people ask. */
  state: z.enum(['judging', 'paused', 'promoted', 'aborted']),
  /** Who asks to hold it, or to give the candidate all users or none, and since when. */
  paused: askedSchema.optional(),
  promoted: askedSchema.optional(),
  aborted: askedSchema.optional(),
});
/** Inferred from {@link runningReleaseSchema}. @public */
export type RunningRelease = z.output<typeof runningReleaseSchema>;
