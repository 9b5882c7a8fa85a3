import { codedSchema } from '@fairway/stage/coded';
export type { CodedSentence } from '@fairway/stage/coded';
import type { z } from 'zod';

/**
 * A sentence as a code with what it is about, from which a portal makes one in the language of its reader. It stands beside the sentence in
 * English, which is shown where the code is not known: a backend may be older or newer. What a cluster or a tool says itself has no code.
 * @public
 */
export const codedReasonSchema = codedSchema;
/** Inferred from {@link codedReasonSchema}. @public */
export type CodedReason = z.output<typeof codedReasonSchema>;
