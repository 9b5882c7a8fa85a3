import { z } from 'zod';

/**
 * A sentence as a code with what it is about, from which a portal makes one in the language of its reader. It stands beside the sentence in
 * English, which is shown where the code is not known: a backend may be older or newer. What a cluster or a tool says itself has no code.
 * @public
 */
export const codedReasonSchema = z.object({
  code: z.string(),
  /** Texts, numbers, and parts of the sentence, which are reasons themselves. */
  parameters: z.record(z.string(), z.unknown()),
});
/** Inferred from {@link codedReasonSchema}. @public */
export type CodedReason = z.output<typeof codedReasonSchema>;
