import { z } from 'zod';
import { codedReasonSchema } from './reason.ts';

/** One question to a service, as its clients ask it. @public */
export const tryRequestSchema = z.strictObject({
  question: z.string().trim().min(1).max(4000),
  /** Access token that the gateway of the service takes: it goes there and nowhere else. A gateway that asks for none needs none. */
  token: z
    .string()
    .max(16_384)
    .regex(/^[\x21-\x7e]+$/, 'must be a token without blanks')
    .optional(),
});
/** Inferred from {@link tryRequestSchema}. @public */
export type TryRequest = z.output<typeof tryRequestSchema>;

/** What came back: an answer, or why there is none. @public */
export const tryAnswerSchema = z.object({
  /** What arrived, also of an answer that broke off. */
  text: z.string(),
  /** Milliseconds from sending to the first non-empty token; absent until one came. */
  timeToFirstToken: z.number().optional(),
  /** From sending to the end. */
  milliseconds: z.number(),
  /** As the engine counted them; absent where it does not say. */
  promptTokens: z.number().optional(),
  completionTokens: z.number().optional(),
  /** Whether it ended because it may have no more tokens. */
  cut: z.boolean(),
  /** Why there is no whole answer, and what to do. */
  problem: z.string().optional(),
  coded: codedReasonSchema.optional(),
  /** What the gateway or the engine itself said of it. */
  said: z.string().optional(),
});
/** Inferred from {@link tryAnswerSchema}. @public */
export type TryAnswer = z.output<typeof tryAnswerSchema>;
