import * as z from 'zod';
import type { Price } from './cost.ts';

/** What an hour of a GPU costs from a day on. */
export interface GpuPrice {
  /** As the portal calls it: a GPU class of fairway.yaml, or what the page of capacity has in its place. */
  readonly class: string;
  /** First day (UTC), `YYYY-MM-DD`; absent for always. */
  readonly from?: string;
  readonly perHour: number;
}

/** What models and GPUs cost (docs/usage.md). */
export interface PriceTable {
  /** As it is shown: `EUR`, `USD`. */
  readonly currency: string;
  readonly prices?: readonly Price[];
  readonly gpus?: readonly GpuPrice[];
}

/** What a table takes, for whoever writes a wrong one. */
export const priceTableTakes =
  'a currency, and prices with model, promptPerMillion, completionPerMillion or gpus with class, perHour, each perhaps with from, the first day';

const amount = z.number().min(0);
const from = z.iso.date().optional();

/** A list of prices; two of one thing from one day on would leave open which counts. */
function pricesOf<Price extends { readonly from?: string | undefined }>(
  price: z.ZodType<Price>,
  thing: (price: Price) => string,
) {
  return z
    .array(price)
    .min(1)
    .superRefine((prices, context) => {
      const known = new Set<string>();
      for (const [index, one] of prices.entries()) {
        const key = JSON.stringify([thing(one), one.from]);
        const message = `is a second price of ${thing(one)} ${one.from ? `from ${one.from} on` : 'without a first day'}`;
        if (known.has(key)) context.addIssue({ code: 'custom', path: [index], message });
        known.add(key);
      }
    })
    .optional();
}

export const priceTableSchema = z
  .strictObject({
    currency: z.string().min(1),
    prices: pricesOf(
      z.strictObject({ model: z.string().min(1), from, promptPerMillion: amount, completionPerMillion: amount }),
      ({ model }) => model,
    ),
    gpus: pricesOf(z.strictObject({ class: z.string().min(1), from, perHour: amount }), price => price.class),
  })
  .refine(({ prices, gpus }) => prices ?? gpus, { path: ['prices'], error: 'has neither prices nor gpus' });
