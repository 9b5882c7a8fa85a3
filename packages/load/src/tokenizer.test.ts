import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenizer } from './tokenizer.ts';

const file = new URL('../test-data/tokenizer.json', import.meta.url).pathname;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-tokenizer-'));
});

afterAll(() => rm(folder, { recursive: true }));

// counted by Python's tokenizers 0.23.3 with the same file: a byte-level BPE of 400 tokens
test.each([
  [' The gateway answers in 12 ms.', 17],
  ['函数返回一个整数。', 27],
  [' const x = [1, 2, 3];', 18],
  ['🙂 déjà vu</s>', 15],
  ['', 0],
])('%j has %d tokens', async (text, tokens) => {
  expect((await openTokenizer(file))(text)).toBe(tokens);
});

test.each([
  ['not JSON', 'words', /no tokenizer that can be used/],
  ['the configuration beside it', '{"tokenizer_class": "LlamaTokenizer"}', /no tokenizer that can be used/],
])('%s is rejected by its name', async (_name, content, words) => {
  const wrong = join(folder, 'tokenizer.json');
  await writeFile(wrong, content);
  await expect(openTokenizer(wrong)).rejects.toThrow(words);
});

test('a file that is not there', async () => {
  await expect(openTokenizer(join(folder, 'absent.json'))).rejects.toThrow(/absent\.json: .*ENOENT/);
});
