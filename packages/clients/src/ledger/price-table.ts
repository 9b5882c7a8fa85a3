import * as z from 'zod';
import type { Price } from './cost.ts';

/** What models cost (docs/usage.md). */
export interface PriceTable {
  /** As it is shown: `EUR`, `USD`. */
  readonly currency: string;
  readonly prices: readonly Price[];
}

/** What a table takes, for whoever writes a wrong one. */
export const priceTableTakes =
  'a currency and prices with model, promptPerMillion, completionPerMillion and perhaps from, the first day';

const amount = z.number().min(0);

export const priceTableSchema = z.strictObject({
  currency: z.string().min(1),
  prices: z
    .array(
      z.strictObject({
        model: z.string().min(1),
        from: z.iso.date().optional(),
        promptPerMillion: amount,
        completionPerMillion: amount,
      }),
    )
    .min(1),
});
