import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparisonSchema } from '@fairway/stage/comparison/record';
import { newFolder } from '../../../test/fixtures/new-folder.ts';
import { gguf, safetensors } from '../../../test/fixtures/models.ts';
import { compareCommand } from './compare-command.ts';

const signal = new AbortController().signal;

/** A folder with a model and a file that compares two engines which are on no machine. */
async function comparison(change: (text: string) => string = text => text) {
  const folder = newFolder();
  await mkdir(join(folder, 'tiny'));
  await writeFile(join(folder, 'tiny', 'model.safetensors'), safetensors([{ name: 'a', shape: [2, 2] }]));
  await mkdir(join(folder, 'other'));
  await writeFile(join(folder, 'other', 'model.safetensors'), safetensors([{ name: 'a', shape: [2, 3] }]));
  const shape = { model_type: 'llama', num_hidden_layers: 1, num_attention_heads: 4, vocab_size: 16 };
  await writeFile(join(folder, 'tiny', 'config.json'), JSON.stringify({ ...shape, hidden_size: 64 }));
  const header = { 'general.architecture': 'llama', 'llama.embedding_length': 128, 'llama.block_count': 1 };
  await writeFile(join(folder, 'other.gguf'), gguf(header, [{ name: 'a', shape: [2, 2] }]));
  const file = join(folder, 'comparison.yaml');
  const text = `name: here
model: { name: tiny, path: tiny }
load: { promptTokens: 4, outputTokens: 4 }
objectives: { timeToFirstToken: 100, timePerOutputToken: 10, goodput: 90 }
rates: { start: 1, least: 0.5, most: 2 }
engines:
  - { engine: vllm, version: '1', from: packages, command: [engine-that-is-nowhere], servedModel: tiny }
  - { engine: fastchat, version: '1', from: packages, command: [engine-that-is-nowhere], servedModel: tiny }
`;
  await writeFile(file, change(text));
  return { folder, file, out: join(folder, 'record.json') };
}

/** The command without its lines on the terminal, which go to `heard`. */
async function quietly(words: readonly string[], heard: (line: string) => void = () => {}, by = signal) {
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = () => true;
  process.stderr.write = (line: string | Uint8Array) => {
    heard(String(line));
    return true;
  };
  try {
    return await compareCommand(words, by);
  } finally {
    [process.stdout.write, process.stderr.write] = [out, err];
  }
}

test.each<[string, (text: string) => string, readonly string[], string]>([
  [
    'a folder that is not there',
    text => text,
    ['--svg', 'nowhere/scores.svg'],
    'nowhere/scores.svg cannot be written: there is no folder nowhere. Make it, or name another file.',
  ],
  ['a model that is not there', text => text.replace('path: tiny', 'path: none'), [], 'There is no model at '],
  [
    'another model of one engine',
    text => text.replace("fastchat, version: '1'", "fastchat, version: '1', model: other"),
    [],
    'the weights of fastchat in other are not those of the model in tiny: its digest is sha256:',
  ],
  [
    'another model in another format',
    text => text.replace("fastchat, version: '1'", "fastchat, version: '1', model: other.gguf"),
    [],
    'the weights of fastchat in other.gguf are not those of the model in tiny: it has 128 as hidden size, and the model 64.',
  ],
  [
    'more GPUs than there are',
    text => `${text}gpus: 64\n`,
    [],
    '`gpus` is 64, and nvidia-smi finds none on this machine. Run it where they are, or correct the number.',
  ],
  [
    'a first rate outside of the search',
    text => text.replace('start: 1', 'start: 4'),
    [],
    '`rates`: start must lie between least and most.',
  ],
  [
    'an engine in a container without a GPU',
    text => text.replace('[engine-that-is-nowhere]', '[/usr/bin/docker, run, engine]'),
    [],
    'vllm is started by /usr/bin/docker, in whose container nothing counts',
  ],
  [
    'one engine twice',
    text => text.replace('engine: fastchat', 'engine: vllm'),
    [],
    '`engines`: two have the same engine, mode and version',
  ],
])('%s is said before anything is measured', async (_name, change, options, sentence) => {
  const { file, out } = await comparison(change);
  await expect(compareCommand([file, '--out', out, ...options], signal)).rejects.toThrow(sentence);
});

test('a file that is no record is not overwritten', async () => {
  const { file, out } = await comparison();
  await writeFile(out, '{"budget": 3}');
  await expect(compareCommand([file, '--out', out], signal)).rejects.toThrow(
    `${out} holds something other than a record of fairway compare, and would be overwritten. Name another file with --out, or remove it.`,
  );
});

test('engines that are not there are in the record with their words, and no credential or folder is', async () => {
  const { folder, file, out } = await comparison(text =>
    text
      .replace('[engine-that-is-nowhere]', "['{folder}/engine-that-is-nowhere', '{model}']")
      .replace(
        "fastchat, version: '1'",
        "fastchat, version: '1', environment: { HF_TOKEN: hf_secret, HF_HOME: '{folder}/hub' }",
      ),
  );
  expect(await quietly([file, '--out', out])).toBe(1);
  const record = comparisonSchema.parse(JSON.parse(await readFile(out, 'utf8')));
  expect(record.contenders.map(({ result }) => result.outcome)).toEqual(['did not run', 'did not run']);
  expect(record.contenders[0]?.result).toMatchObject({
    reason: expect.stringContaining('there is no program {folder}/engine-that-is-nowhere on this machine') as string,
  });
  expect(await readFile(out, 'utf8')).not.toContain(folder);
  expect(record.contenders[1]?.environment).toEqual({ HF_TOKEN: '***', HF_HOME: '{folder}/hub' });
});

test('the same command goes on with what it was interrupted at', async () => {
  const { file, out } = await comparison();
  const abort = new AbortController();
  const interrupted = quietly(
    [file, '--out', out],
    line => line.includes('fastchat: starting') && abort.abort(),
    abort.signal,
  );
  await expect(interrupted).rejects.toThrow();
  const read = async () => comparisonSchema.parse(JSON.parse(await readFile(out, 'utf8')));
  const before = await read();
  expect(before.unfinished).toMatch(/^sha256:/);
  const lines: string[] = [];
  await quietly([file, '--out', out], line => lines.push(line));
  expect(lines[0]).toContain('going on with the comparison that was interrupted');
  // that one did not run is known
  expect(lines.join('')).not.toContain('vllm: starting');
  expect(await read()).toMatchObject({ startedAt: before.startedAt });
  expect((await read()).unfinished).toBeUndefined();
});
