import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseServiceFile } from '@fairway/service/service-file';
import { argumentsOfFile } from './config-file.ts';
import { engineMemory } from './memory-of.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-file-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function read(engine: string, args: readonly string[], files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const file = parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: ${engine}, arguments: ${JSON.stringify(args)} }
model: { name: tiny, path: model }
`,
    folder,
    join(folder, 'fairway.yaml'),
  );
  return { file, found: await argumentsOfFile(file) };
}

// the examples of `load_config_file` (vllm/utils/argparse_utils.py)
test.each<[string, readonly string[], readonly string[]]>([
  [
    'port: 12323\ntensor-parallel-size: 4\n',
    ['--config', 'config.yaml'],
    ['--port', '12323', '--tensor-parallel-size', '4'],
  ],
  [
    'speculative-config:\n  model: "nvidia/gpt-oss-120b-Eagle3-v2"\n  num_speculative_tokens: 3\n',
    ['--config', '/app/conf/config.yaml'],
    ['--speculative-config', '{"model":"nvidia/gpt-oss-120b-Eagle3-v2","num_speculative_tokens":3}'],
  ],
  ['enforce_eager: true\nenable-lora: false\n', ['--config', './config.yaml'], ['--enforce-eager', '--no-enable-lora']],
])('%j is what the command line says first', async (text, args, expected) => {
  const { found } = await read('vllm', args, { 'config.yaml': text });
  expect(found).toEqual(expected);
});

test('the file counts, and the command line goes before it', async () => {
  const text = 'kv-cache-dtype: fp8\ngpu-memory-utilization: 0.5\n';
  const { file, found } = await read('vllm', ['--config', 'vllm.yaml', '--gpu-memory-utilization', '0.8'], {
    'vllm.yaml': text,
  });
  const { cacheType, headroom, uncounted } = engineMemory(file.service, '0.32.0', found);
  expect({ cacheType, headroom, uncounted }).toEqual({ cacheType: 'fp8', headroom: 20, uncounted: [] });
});

test.each([
  ['vllm', ['--config', '/etc/of-the-image.yaml'], undefined],
  // vLLM and SGLang look for the word alone
  ['vllm', ['--config=config.yaml'], []],
  ['vllm', [], []],
  ['llamacpp', ['--config', 'config.yaml'], []],
])('%s with %j', async (engine, args, expected) => {
  const { found } = await read(engine, args, { 'config.yaml': 'port: 1\n' });
  expect(found).toEqual(expected);
});

test.each(['- port\n', 'port: [1\n', ''])('%j is no file of arguments', async text => {
  await expect(read('sglang', ['--config', 'config.yaml'], { 'config.yaml': text })).rejects.toThrow(
    '`engine.arguments[1]` names config.yaml, which must hold a mapping of arguments to values in YAML.',
  );
});
