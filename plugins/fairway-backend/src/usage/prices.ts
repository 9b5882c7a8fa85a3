import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { Price } from '@fairway/clients/ledger/index';
import { z } from 'zod';
import { problemText } from '../http/problem-text.ts';

const amount = z.number().min(0);
const pricesSchema = z.strictObject({
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

export interface Prices {
  readonly currency: string;
  readonly prices: readonly Price[];
}

/**
 * The setting `fairway.prices`, in the form of the price table of `fairway usage`.
 * @throws InputError for one that cannot be meant
 */
export function configuredPrices(config: RootConfigService): Prices | undefined {
  const given = config.getOptional('fairway.prices');
  if (given === undefined) return undefined;
  const parsed = pricesSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `The configuration fairway.prices is no price table: ${problemText(parsed.error)}. It has a currency and prices with model, promptPerMillion, completionPerMillion and perhaps from, the first day.`,
  );
}
