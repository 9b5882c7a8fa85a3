import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A tokenizer of 4,096 whole words, for tools that count tokens themselves; its sizes do not matter to what is measured. */
export async function writeTokenizer(folder: string): Promise<string> {
  const vocabulary = Object.fromEntries(
    ['[UNK]', ...Array.from({ length: 4095 }, (_, id) => `w${id}`)].map((word, id) => [word, id]),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'tokenizer.json'),
    JSON.stringify({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [
        { id: 0, content: '[UNK]', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
      ],
      normalizer: null,
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      decoder: null,
      model: { type: 'WordLevel', vocab: vocabulary, unk_token: '[UNK]' },
    }),
  );
  const special = { bos_token: '[UNK]', eos_token: '[UNK]', pad_token: '[UNK]', unk_token: '[UNK]' };
  await writeFile(
    join(folder, 'tokenizer_config.json'),
    JSON.stringify({
      tokenizer_class: 'PreTrainedTokenizerFast',
      model_max_length: 4096,
      chat_template: "{% for m in messages %}{{ m['content'] }}\n{% endfor %}",
      ...special,
    }),
  );
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ model_type: 'llama', vocab_size: 4096, max_position_embeddings: 4096 }),
  );
  return folder;
}
