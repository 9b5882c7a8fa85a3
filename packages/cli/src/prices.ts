import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { ConfigurationError } from '@fairway/service';
import { requireRegularFile } from '@fairway/service/regular-file';
import { priceTableSchema, priceTableTakes } from '@fairway/clients/ledger/price-table';
import type { PriceTable } from '@fairway/clients/ledger/price-table';

/** @throws ConfigurationError that names the file, the key and what it takes */
export async function readPrices(file: string): Promise<PriceTable> {
  await requireRegularFile(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(`The price table cannot be read (${error.code}). Correct --prices.`, { file });
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw new ConfigurationError(`The price table is not YAML: ${fault.message}`, { file });
  const result = priceTableSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ConfigurationError(
    `${issue!.path.join('.') || 'The price table'}: ${issue!.message}. It takes ${priceTableTakes}; docs/usage.md has one.`,
    { file },
  );
}
