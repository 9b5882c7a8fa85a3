import * as z from 'zod';

/** A sentence as a code with what it is about. Which codes there are is not checked: whoever reads it may be older than whoever wrote it. */
export const codedSchema = z.object({
  code: z.string(),
  /** Texts, numbers, and parts of the sentence, which are coded themselves. */
  parameters: z.record(z.string(), z.unknown()),
});

/** A sentence in English with its code beside it. @public */
export interface CodedSentence {
  readonly sentence: string;
  // written out, so that a plugin that publishes it publishes no schema of this package
  readonly coded: { code: string; parameters: Record<string, unknown> };
}
