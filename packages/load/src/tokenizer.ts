import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { requireRegularFile } from '@fairway/service/regular-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

/** Counts the tokens of a text without those that only mark its begin and end. */
export type CountTokens = (text: string) => number;

/**
 * Opens a model's own tokenizer, for servers that do not count the tokens of an answer.
 * @param file a `tokenizer.json` as Hugging Face's tokenizers write it
 * @throws ConfigurationError when it cannot be read or is none
 */
export async function openTokenizer(file: string): Promise<CountTokens> {
  await requireRegularFile(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(reasonOf('tokenizer.unread', { file, errno: error.code ?? '' }));
  });
  // few loads need one
  const { Tokenizer } = await import('@huggingface/tokenizers');
  try {
    const tokenizer = new Tokenizer(JSON.parse(text) as object, {});
    const count: CountTokens = answer => tokenizer.encode(answer, { add_special_tokens: false }).ids.length;
    // some of a tokenizer's parts are only made when it is used
    count('a');
    return count;
  } catch (error) {
    throw new ConfigurationError(reasonOf('tokenizer.wrong', { file, words: (error as Error).message }));
  }
}
