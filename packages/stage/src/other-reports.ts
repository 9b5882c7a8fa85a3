import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

interface Inputs {
  readonly 'other-reports'?: readonly string[];
}

/**
 * The reports of other scanners.
 * @param read of one by the name of its file and its text; throws an Error with what is wrong
 * @throws ConfigurationError for a file that is not there or that `read` does not take
 */
export async function otherReports<T>(inputs: Inputs, read: (file: string, text: string) => T): Promise<readonly T[]> {
  return Promise.all(
    (inputs['other-reports'] ?? []).map(async path => {
      try {
        return read(basename(path), await readFile(path, 'utf8'));
      } catch (error) {
        const words = (error as Error).message.split('\n', 1)[0] ?? '';
        throw new ConfigurationError(reasonOf('input.otherReport', { path, words }));
      }
    }),
  );
}

/** What of them counts for the key of a stage. */
export async function otherReportsKey(inputs: Inputs): Promise<{ readonly others?: string }> {
  const texts = await otherReports(inputs, (_file, text) => text);
  if (texts.length === 0) return {};
  return { others: createHash('sha256').update(JSON.stringify(texts)).digest('hex') };
}
