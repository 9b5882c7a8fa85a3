import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { priceTableSchema, priceTableTakes } from '@fairway/clients/ledger/price-table';
import type { PriceTable } from '@fairway/clients/ledger/price-table';
import { problemText } from '../http/problem-text.ts';

/**
 * The setting `fairway.prices`, in the form of the price table of `fairway usage`.
 * @throws InputError for one that cannot be meant
 */
export function configuredPrices(config: RootConfigService): PriceTable | undefined {
  const given = config.getOptional('fairway.prices');
  if (given === undefined) return undefined;
  const parsed = priceTableSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `The configuration fairway.prices is no price table: ${problemText(parsed.error)}. It takes ${priceTableTakes}.`,
  );
}
