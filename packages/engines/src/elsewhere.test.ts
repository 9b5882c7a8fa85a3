import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseServiceFile } from '@fairway/service/service-file';
import { argumentsElsewhere } from './elsewhere.ts';
import { engineMemory } from './memory-of.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elsewhere-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function read(engine: string, args: readonly string[], files: Readonly<Record<string, string>>, more = '') {
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
${more}`,
    folder,
    join(folder, 'fairway.yaml'),
  );
  return { file, found: await argumentsElsewhere(file) };
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

// `get_value_from_env` of llama.cpp's common/arg.cpp: what the command line gives goes before it
test('variables of the image and of the pod count for llama.cpp', async () => {
  const dockerfile =
    'FROM scratch\nENV LLAMA_ARG_CACHE_TYPE_K=q4_0 \\\n    LLAMA_ARG_CACHE_TYPE_V="q8_0" PATH=/bin\nENV LLAMA_ARG_KV_OFFLOAD 0\n';
  const patches = `workload:
  patches:
    - kind: Deployment
      spec: { template: { spec: { containers: [{ name: engine, env: [{ name: LLAMA_ARG_CACHE_TYPE_K, value: q8_0 }, { name: LLAMA_ARG_CPU_MOE, value: "true" }, { name: LLAMA_ARG_SWA_FULL, value: "off" }] }] } } }
`;
  const { file, found } = await read('llamacpp', ['-ctv', 'f16'], { Dockerfile: dockerfile }, patches);
  expect(found).toEqual([
    ...['--cache-type-k', 'q8_0', '--cache-type-v', 'q8_0', '--no-kv-offload'],
    ...['--cpu-moe', '--no-swa-full'],
  ]);
  expect(engineMemory(file.service, undefined, found).cacheType).toBe('q8_0/f16');
});

test('variables of TGI have the names of its options', async () => {
  const dockerfile = 'FROM scratch\nENV KV_CACHE_DTYPE=fp8_e5m2 HOME=/root CUDA_MEMORY_FRACTION=0.8\n';
  const { file, found } = await read('tgi', [], { Dockerfile: dockerfile });
  expect(found).toEqual(['--kv-cache-dtype', 'fp8_e5m2', '--cuda-memory-fraction', '0.8']);
  expect(engineMemory(file.service, undefined, found)).toMatchObject({ cacheType: 'fp8_e5m2', headroom: 20 });
});
