import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gguf, safetensors, tinyLlama } from '../../../../test/fixtures/models.ts';
import { bytesPerSequence, bytesPerToken } from './cached-layers.ts';
import { modelStamp, readModelFacts } from './local.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-model-'))));
afterEach(() => rm(folder, { recursive: true }));

async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

const weights = [
  { name: 'embedding', shape: [100, 8] },
  { name: 'norm', shape: [8] },
];
const config = JSON.stringify({
  architectures: ['LlamaForCausalLM'],
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  hidden_size: 64,
  max_position_embeddings: 512,
});
const tiny = { block_count: 2, 'attention.head_count': 4, 'attention.head_count_kv': 2, embedding_length: 64 };
const shape = { layers: 2, kvHeads: 2, headDim: 16, contextLength: 512 };

test.each([2, 3])('reads a GGUF file of version %i', async version => {
  await put({ 'tiny.gguf': gguf({ ...tinyLlama, 'general.license': 'apache-2.0' }, weights, version) });
  expect(await readModelFacts(join(folder, 'tiny.gguf'))).toEqual({
    format: 'gguf',
    files: ['tiny.gguf'],
    parameters: 808,
    bytes: 1616,
    dtype: 'F16',
    architecture: 'llama',
    family: 'llama',
    ...shape,
    positions: 512,
    heads: 4,
    hiddenSize: 64,
    cache: [{ kind: 'attention', layers: 2, kvHeads: 2, keyDim: 16, valueDim: 16 }],
    license: { id: 'Apache-2.0', source: 'general.license' },
    revision: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
});

test('names the most KV heads where layers differ, and each in the cache', async () => {
  await put({ 'tiny.gguf': gguf({ ...tinyLlama, 'llama.attention.head_count_kv': [1, 4] }, weights) });
  const { kvHeads, cache = [] } = await readModelFacts(folder);
  expect(kvHeads).toBe(4);
  // one layer of one head and one of four, of 16 values, keys and values in 16 bits
  expect(bytesPerToken(cache)).toBe((1 + 4) * 2 * 16 * 2);
});

test.each<[string, Record<string, number | readonly number[]>, number, number]>([
  // keys and values of 16 in 16 bits: 64 bytes a head
  [
    'a window in every layer but the sixth',
    { block_count: 6, 'attention.sliding_window': 8 },
    1 * 2 * 64,
    5 * 2 * 64 * 8,
  ],
  [
    'a pattern that the file names',
    { 'attention.sliding_window': 8, 'attention.sliding_window_pattern': [1, 0] },
    2 * 64,
    2 * 64 * 8,
  ],
])('reads %s', async (_name, more, perToken, windows) => {
  const own = Object.entries({ ...tiny, ...more }).map(([key, value]) => [`gemma3.${key}`, value] as const);
  await put({ 'tiny.gguf': gguf({ 'general.architecture': 'gemma3', ...Object.fromEntries(own) }, weights) });
  const { cache = [] } = await readModelFacts(folder);
  expect(bytesPerToken(cache)).toBe(perToken);
  expect(bytesPerSequence(cache, 100)).toBe(100 * perToken + windows);
});

test('reads latent attention, and a state for layers without heads', async () => {
  const own = { 'attention.key_length': 40, 'attention.key_length_mla': 24, 'attention.head_count_kv': [1, 0] };
  const state = { 'ssm.state_size': 4, 'ssm.inner_size': 8, 'ssm.conv_kernel': 3 };
  const named = Object.entries({ ...tiny, ...own, ...state }).map(([key, value]) => [`x.${key}`, value] as const);
  await put({ 'tiny.gguf': gguf({ 'general.architecture': 'x', ...Object.fromEntries(named) }, weights) });
  expect((await readModelFacts(folder)).cache).toEqual([
    { kind: 'latent', layers: 1, width: 40 },
    { kind: 'state', layers: 1, bytes: 4 * (8 * 4 + 2 * 8) },
  ]);
});

// src/models and src/llama-hparams.cpp of llama.cpp as llama-cpp-python 0.3.36 brings it
test.each<[string, string, object, readonly object[]]>([
  ['Phi 3: its window is not used', 'phi3', { 'attention.sliding_window': 8 }, [{ kind: 'attention', layers: 2 }]],
  [
    'Llama 4: chunks of 8192 that no key names',
    'llama4',
    { block_count: 4 },
    [
      { kind: 'attention', layers: 3, window: 8192 },
      { kind: 'attention', layers: 1 },
    ],
  ],
  [
    'a family whose first of four layers has no window',
    'smallthinker',
    { block_count: 4, 'attention.sliding_window': 4096 },
    [
      { kind: 'attention', layers: 1 },
      { kind: 'attention', layers: 3, window: 4096 },
    ],
  ],
  ['an encoder', 'bert', {}, []],
  [
    'a layer that guesses ahead, which holds nothing',
    'glm4moe',
    { block_count: 3, nextn_predict_layers: 1 },
    [{ kind: 'attention', layers: 2 }],
  ],
  [
    'LFM2',
    'lfm2',
    { 'attention.head_count_kv': [0, 2], 'shortconv.l_cache': 3 },
    [{ kind: 'state', bytes: 4 * 64 * 2 }, { kind: 'attention' }],
  ],
  [
    'Kimi Linear',
    'kimi-linear',
    {
      'attention.head_count_kv': [0, 4],
      'attention.key_length': 40,
      'attention.key_length_mla': 24,
      'kda.head_dim': 8,
      'ssm.conv_kernel': 4,
    },
    [
      { kind: 'state', bytes: 4 * 4 * 8 * (8 + 3 * 3) },
      { kind: 'latent', width: 40 },
    ],
  ],
  [
    'Falcon H1: attention and a state in each layer',
    'falcon-h1',
    { 'ssm.state_size': 4, 'ssm.inner_size': 8, 'ssm.conv_kernel': 3, 'ssm.group_count': 1 },
    [
      { kind: 'state', layers: 2, bytes: 4 * (8 * 4 + 2 * (8 + 2 * 4)) },
      { kind: 'attention', layers: 2 },
    ],
  ],
  [
    'Nemotron-H: a layer of neither',
    'nemotron_h',
    {
      block_count: 3,
      'attention.head_count_kv': [0, 2, 0],
      feed_forward_length: [0, 0, 64],
      'ssm.state_size': 4,
      'ssm.inner_size': 8,
      'ssm.conv_kernel': 3,
    },
    [
      { kind: 'state', layers: 1 },
      { kind: 'attention', layers: 1 },
    ],
  ],
  // `llama_kv_cache_dsv4` of src/llama-kv-cache-dsv4.cpp (llama-cpp-python 0.3.36)
  [
    'DeepSeek V4: a window, and a vector for 4 tokens',
    'deepseek4',
    {
      'attention.compress_ratios': [0, 4],
      'attention.head_count_kv': 1,
      'attention.key_length': 512,
      'attention.sliding_window': 128,
      'attention.indexer.key_length': 128,
    },
    [
      { kind: 'compressed', layers: 1, width: 512, tokensPerVector: 0, window: 128 },
      { layers: 1, tokensPerVector: 4, stateTokens: 8, stateBytes: 4 * 2 * 2 * (512 + 128), indexBytes: 2 * 128 },
    ],
  ],
  [
    'RWKV',
    'rwkv7',
    { 'attention.head_count': 0, 'attention.head_count_kv': 0, 'wkv.head_size': 16 },
    [{ kind: 'state', layers: 2, bytes: 4 * 64 * (16 + 2) }],
  ],
])('reads %s', async (_name, family, more, expected) => {
  const named = Object.entries({ ...tiny, ...more }).map(([key, value]) => [`${family}.${key}`, value] as const);
  await put({ 'tiny.gguf': gguf({ 'general.architecture': family, ...Object.fromEntries(named) }, weights) });
  expect((await readModelFacts(folder)).cache).toMatchObject(expected);
});

test('counts experts, and a type that is newer than the list by the place of the next tensor', async () => {
  const tensors = [
    { name: 'blk.0.ffn_up_exps.weight', shape: [32, 8], type: 99 },
    { name: 'blk.0.ffn_up_shexp.weight', shape: [8] },
    { name: 'output.weight', shape: [16], type: 99 },
  ];
  await put({ 'tiny.gguf': gguf(tinyLlama, tensors) });
  // places are those of 16 bits
  expect(await readModelFacts(folder)).toMatchObject({
    bytes: 2 * (32 * 8 + 8 + 16),
    expertBytes: 2 * 32 * 8,
    blocks: [{ bytes: 2 * (32 * 8 + 8), expertBytes: 2 * 32 * 8 }],
    dtype: 'type 99',
  });
});

test('a projector is no second model, and a model may lie in a subfolder', async () => {
  await mkdir(join(folder, 'q4'));
  await put({ 'mmproj-tiny-F16.gguf': gguf({}, weights), 'q4/tiny.gguf': gguf(tinyLlama, weights) });
  expect(await readModelFacts(folder)).toMatchObject({ files: ['q4/tiny.gguf'], ...shape });
});

test('of the two layouts in which Mistral publishes, one is counted', async () => {
  const params = { dim: 64, n_layers: 2, n_heads: 4, n_kv_heads: 2, head_dim: 16, hidden_dim: 128 };
  await put({
    'consolidated.safetensors': safetensors(weights),
    'model.safetensors': safetensors(weights),
    'params.json': JSON.stringify(params),
  });
  expect(await readModelFacts(folder)).toMatchObject({ bytes: 1616, layers: 2, kvHeads: 2, headDim: 16, heads: 4 });
});

test('reads how ModelOpt quantised a model beside its configuration', async () => {
  // as nvidia/DeepSeek-V3.2-NVFP4 has it
  const quantization = {
    quant_algo: 'NVFP4',
    kv_cache_quant_algo: 'FP8',
    group_size: 16,
    exclude_modules: ['lm_head'],
  };
  await put({
    'model.safetensors': safetensors(weights),
    'config.json': config,
    'hf_quant_config.json': JSON.stringify({ producer: { name: 'modelopt', version: '0.0.1' }, quantization }),
  });
  expect(await readModelFacts(folder)).toMatchObject({ quantization: { method: 'modelopt_fp4', cacheType: 'fp8' } });
});

test('reads a vocabulary that is longer than one read', async () => {
  const tokens = Array.from({ length: 30_000 }, (_, token) => `${'long '.repeat(10)}${token}`);
  await put({
    'tiny.gguf': gguf(
      { 'tokenizer.long': tokens, ...tinyLlama, 'tokenizer.ggml.scores': tokens.map((_, rank) => rank) },
      weights,
    ),
  });
  expect(await readModelFacts(folder)).toMatchObject(shape);
});

test('sums the parts of a split GGUF model', async () => {
  await put({
    'm-00001-of-00002.gguf': gguf(tinyLlama, weights),
    'm-00002-of-00002.gguf': gguf({}, weights),
    'other.txt': '',
  });
  expect(await readModelFacts(join(folder, 'm-00001-of-00002.gguf'))).toMatchObject({ parameters: 1616, ...shape });
});

test('reads a safetensors folder with its configuration and model card', async () => {
  await put({
    'model.safetensors': safetensors(weights),
    'config.json': config,
    'README.md': '---\nlicense: mit\n---\n# A model\n',
  });
  expect(await readModelFacts(folder)).toMatchObject({
    format: 'safetensors',
    parameters: 808,
    bytes: 1616,
    dtype: 'F16',
    architecture: 'LlamaForCausalLM',
    ...shape,
    license: { id: 'MIT', source: 'README.md' },
  });
});

test('sums the experts among which tokens are routed, of all shards', async () => {
  // names as DeepSeek V3, Mixtral and gpt-oss have them
  const first = [
    { name: 'model.layers.3.mlp.experts.0.up_proj.weight', shape: [8, 16] },
    { name: 'model.layers.3.mlp.shared_experts.up_proj.weight', shape: [8, 16] },
    { name: 'model.layers.3.mlp.gate.weight', shape: [256, 8] },
  ];
  const second = [
    { name: 'model.layers.0.block_sparse_moe.experts.7.w1.weight', shape: [4, 8] },
    { name: 'block.1.mlp.experts.gate_up_proj_blocks', shape: [2, 4] },
  ];
  await put({
    'model-1.safetensors': safetensors(first),
    'model-2.safetensors': safetensors(second),
    'model.safetensors.index.json': JSON.stringify({
      weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' },
    }),
    'config.json': config,
  });
  // 16 bits each
  expect(await readModelFacts(folder)).toMatchObject({ expertBytes: 2 * (8 * 16 + 4 * 8 + 2 * 4) });
});

test('sums the shards that the index names and no other file', async () => {
  await put({
    'model-1.safetensors': safetensors(weights),
    'model-2.safetensors': safetensors(weights),
    'consolidated.safetensors': safetensors(weights),
    'model.safetensors.index.json': JSON.stringify({
      weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' },
    }),
    'config.json': JSON.stringify({ text_config: JSON.parse(config) }),
  });
  expect(await readModelFacts(folder)).toMatchObject({ parameters: 1616, ...shape });
});

test.each([
  ['what the service declares first', { license: 'CC0-1.0' }, { id: 'CC0-1.0', source: 'fairway.yaml' }],
  ['the licence file when nothing else tells', {}, { id: 'Apache-2.0', source: 'LICENSE' }],
])('takes as licence %s', async (_name, options, expected) => {
  await put({
    'model.safetensors': safetensors(weights),
    LICENSE: '   Apache License\n   Version 2.0, January 2004\n',
  });
  expect((await readModelFacts(folder, options)).license).toEqual(expected);
});

test('has no licence where none can be told', async () => {
  await put({ 'model.safetensors': safetensors(weights), LICENSE: 'Ask Jane.\n' });
  expect(await readModelFacts(folder)).not.toHaveProperty('license');
});

test('the revision follows the content, the stamp follows the writing', async () => {
  await put({ 'model.safetensors': safetensors(weights) });
  const before = await readModelFacts(folder);
  const stamp = await modelStamp(folder);
  await put({ 'model.safetensors': safetensors([{ name: 'other', shape: [808] }]) });
  expect((await readModelFacts(folder)).revision).not.toBe(before.revision);
  expect(await modelStamp(folder)).not.toBe(stamp);
});

test.each<[string, Readonly<Record<string, string | Buffer>>, string]>([
  ['nothing', {}, 'FOLDER holds no weights: neither *.safetensors nor *.gguf is in it.'],
  [
    'a pickle',
    { 'pytorch_model.bin': 'x' },
    'pytorch_model.bin may run code when it is loaded, so Fairway refuses that format; convert it to safetensors',
  ],
  [
    'a pointer for a GGUF file',
    { 'a.gguf': 'version https://git-lfs.github.com/spec/v1\n' },
    'FOLDER/a.gguf is not a GGUF file that Fairway can read: it does not begin with the letters GGUF.',
  ],
  ['an old GGUF file', { 'a.gguf': gguf({}, [], 1) }, 'its version is 1, and 2 and 3 (little-endian) are known'],
  ['a GGUF file without its end', { 'a.gguf': gguf(tinyLlama, weights).subarray(0, -10) }, 'it is cut off'],
  [
    'a GGUF header without its end',
    { 'a.gguf': gguf(tinyLlama, weights).subarray(0, 100) },
    'is not a GGUF file that Fairway can read: it',
  ],
  [
    'two GGUF files',
    { 'a.gguf': gguf(tinyLlama, weights), 'b.gguf': gguf(tinyLlama, weights) },
    'FOLDER holds 2 GGUF files (a.gguf, b.gguf). Name one of them in model.path',
  ],
  [
    'half of a split model',
    { 'm-00002-of-00002.gguf': gguf({}, weights) },
    'FOLDER lacks m-00001-of-00002.gguf, one of 2 parts of the model.',
  ],
  [
    'a pointer for a safetensors file',
    { 'model.safetensors': 'version https://git-lfs.github.com/spec/v1\n' },
    'FOLDER/model.safetensors is not a whole safetensors file: its header would have',
  ],
  [
    'a safetensors file without its end',
    { 'model.safetensors': safetensors(weights).subarray(0, -10) },
    'and the file has',
  ],
  [
    'a missing shard',
    { 'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}' },
    'FOLDER lacks 1 of 1 weight files that its index names, the first is x.safetensors.',
  ],
  ['a vocabulary alone', { 'a.gguf': gguf(tinyLlama, []) }, 'FOLDER holds no tensors'],
  [
    'a broken index',
    { 'model.safetensors.index.json': '{' },
    'FOLDER/model.safetensors.index.json is not an index of weights',
  ],
  [
    'a broken configuration',
    { 'model.safetensors': safetensors(weights), 'config.json': '{' },
    'FOLDER/config.json is not valid JSON',
  ],
])('refuses %s', async (_name, files, expected) => {
  await put(files);
  await expect(readModelFacts(folder)).rejects.toThrow(expected.replaceAll('FOLDER', folder));
});

test('refuses a model that is not there', async () => {
  await mkdir(join(folder, 'model'));
  await expect(readModelFacts(join(folder, 'model', 'gone.gguf'))).rejects.toThrow(
    `There is no model at ${folder}/model/gone.gguf. Put the model there, or correct model.path.`,
  );
});
