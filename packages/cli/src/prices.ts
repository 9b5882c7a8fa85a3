import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { ConfigurationError } from '@fairway/service';
import type { Price } from '@fairway/clients/ledger/index';

/** What models cost (docs/usage.md). */
export interface PriceTable {
  /** As it is shown: `EUR`, `USD`. */
  readonly currency: string;
  readonly prices: readonly Price[];
}

const amount = z.number().min(0);
const table = z.strictObject({
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

/** @throws ConfigurationError that names the file, the key and what it takes */
export async function readPrices(file: string): Promise<PriceTable> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(`The price table cannot be read (${error.code}). Correct --prices.`, { file });
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw new ConfigurationError(`The price table is not YAML: ${fault.message}`, { file });
  const result = table.safeParse(document.toJS());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ConfigurationError(
    `${issue!.path.join('.') || 'The price table'}: ${issue!.message}. It takes a currency and prices with model, promptPerMillion, completionPerMillion and perhaps from, the first day; docs/usage.md has one.`,
    { file },
  );
}
