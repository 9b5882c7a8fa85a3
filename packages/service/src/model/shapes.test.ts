import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { english } from '../reasons/delivery-reason.ts';
import { bytesPerSequence, bytesPerToken, layersPart } from './cached-layers.ts';
import { architectureOf } from './config-json.ts';

interface Row {
  readonly model: string;
  /** Where the configuration or the right value is public. */
  readonly source: string;
  readonly config: object;
  readonly right: {
    readonly layers: number;
    readonly heads: number;
    /** Bytes of one token in 16 bits in the layers that hold all tokens. */
    readonly perToken: number;
    readonly by: string;
    readonly windows: readonly { readonly layers: number; readonly tokens: number; readonly perToken: number }[];
  };
}

const rows = JSON.parse(
  readFileSync(join(__dirname, '../../../../test/fixtures/model-shapes/shapes.json'), 'utf8'),
) as readonly Row[];

test.each(rows.map(row => [row.model, row] as const))('the cache of %s', (_model, { config, right }) => {
  const { layers, heads, cache = [] } = architectureOf(JSON.stringify(config), 'config.json');
  const windowed = cache.filter(one => one.kind === 'attention').filter(one => one.window !== undefined);
  expect({
    layers,
    heads,
    perToken: bytesPerToken(cache),
    windows: windowed.map(({ layers: count, window, kvHeads, keyDim, valueDim }) => ({
      layers: count,
      tokens: window,
      perToken: count * kvHeads * (keyDim + valueDim) * 2,
    })),
  }).toEqual({ layers: right.layers, heads: right.heads, perToken: right.perToken, windows: right.windows });
});

test('a sequence holds its windows and its states once, whatever its length', () => {
  const { cache = [] } = architectureOf(
    JSON.stringify({
      model_type: 'qwen3_next',
      num_hidden_layers: 4,
      hidden_size: 2048,
      num_attention_heads: 16,
      num_key_value_heads: 2,
      head_dim: 256,
    }),
    'config.json',
  );
  // 32 value heads of 128 x 128, and 3 inputs of 2 x 16 x 128 + 32 x 128 channels, in 32 bits
  const state = 3 * 4 * (32 * 128 * 128 + 3 * (2 * 16 * 128 + 32 * 128));
  expect(bytesPerSequence(cache, 1000)).toBe(state + 1000 * 2 * 2 * 256 * 2);
});

test.each<[string, object, number | undefined]>([
  [
    'YaRN counts from the original length',
    { type: 'yarn', factor: 4, original_max_position_embeddings: 32_768 },
    131_072,
  ],
  ['linear scaling from the named one', { rope_type: 'linear', factor: 2 }, 65_536],
  ['Llama 3 names the length after scaling', { rope_type: 'llama3', factor: 8 }, 32_768],
  ['no factor is no scaling', { rope_type: 'default' }, 32_768],
  [
    'DeepSeek has a YaRN of its own name',
    { type: 'deepseek_yarn', factor: 2, original_max_position_embeddings: 16_384 },
    32_768,
  ],
  ['Llama 4 in the name of DeepSeek', { rope_type: 'deepseek_llama_scaling', factor: 8 }, 32_768],
  ['a factor of null', { rope_type: 'linear', factor: null }, 32_768],
])('%s', (_name, rope_scaling, expected) => {
  const config = { model_type: 'qwen2', max_position_embeddings: 32_768, num_hidden_layers: 1, rope_scaling };
  expect(architectureOf(JSON.stringify(config), 'config.json').contextLength).toBe(expected);
});

test.each<[string, object, number]>([
  // ChatGLM3-6B: 28 layers, 2 groups of 128
  [
    'ChatGLM',
    {
      model_type: 'chatglm',
      num_layers: 28,
      num_attention_heads: 32,
      multi_query_attention: true,
      multi_query_group_num: 2,
      kv_channels: 128,
    },
    28 * 2 * 2 * 128 * 2,
  ],
  ['GPT-2', { model_type: 'gpt2', n_layer: 12, n_head: 12, n_embd: 768 }, 12 * 2 * 768 * 2],
  [
    'StarCoder',
    { model_type: 'gpt_bigcode', n_layer: 40, n_head: 48, n_embd: 6144, multi_query: true },
    40 * 2 * 128 * 2,
  ],
  ['MPT', { model_type: 'mpt', n_layers: 32, n_heads: 32, d_model: 4096 }, 32 * 2 * 4096 * 2],
  [
    'DBRX',
    { model_type: 'dbrx', n_layers: 40, n_heads: 48, d_model: 6144, attn_config: { kv_n_heads: 8 } },
    40 * 2 * 8 * 128 * 2,
  ],
  [
    'an InternVL with its language model in llm_config',
    {
      llm_config: {
        model_type: 'qwen2',
        num_hidden_layers: 2,
        num_attention_heads: 4,
        num_key_value_heads: 2,
        hidden_size: 256,
      },
    },
    2 * 2 * 2 * 64 * 2,
  ],
  [
    'a list of KV heads with null for a layer without',
    {
      model_type: 'x',
      num_hidden_layers: 3,
      num_attention_heads: 8,
      hidden_size: 512,
      num_key_value_heads: [4, null, 2],
    },
    (4 + 2) * 2 * 64 * 2,
  ],
  [
    'KV heads null',
    { model_type: 'llama', num_hidden_layers: 2, num_attention_heads: 8, hidden_size: 512, num_key_value_heads: null },
    2 * 8 * 2 * 64 * 2,
  ],
  [
    'Jamba: one layer of eight has attention',
    { model_type: 'jamba', num_hidden_layers: 32, hidden_size: 4096, num_attention_heads: 32, num_key_value_heads: 8 },
    4 * 2 * 8 * 128 * 2,
  ],
])('%s', (_name, config, perToken) => {
  expect(bytesPerToken(architectureOf(JSON.stringify(config), 'config.json').cache ?? [])).toBe(perToken);
});

// what vLLM 0.33 holds of one sequence and layer, in 32 bits (vllm/model_executor/layers/mamba/mamba_utils.py)
test.each<[string, object, number]>([
  [
    'Kimi Delta Attention in its own words',
    { linear_attn_config: { full_attn_layers: [2], num_heads: 32, head_dim: 128, short_conv_kernel_size: 4 } },
    32 * 128 * 128 + 3 * 32 * 128 * 3,
  ],
  [
    'Kimi Delta Attention in those of Transformers',
    {
      layer_types: ['linear_attention', 'full_attention'],
      linear_num_heads: 32,
      linear_head_dim: 128,
      linear_conv_kernel_dim: 4,
    },
    32 * 128 * 128 + 3 * 32 * 128 * 3,
  ],
  [
    'Kimi Delta Attention in those of Ling 3',
    { layer_group_size: 2, head_dim: 64, short_conv_kernel_size: 4, kv_lora_rank: 32, qk_rope_head_dim: 8 },
    8 * 64 * 64 + 3 * 8 * 64 * 3,
  ],
  // (2, hidden_size) and (heads, 64, 64) of vllm/model_executor/layers/mamba/rwkv7.py
  [
    'RWKV 7',
    { model_type: 'rwkv7', num_hidden_layers: 1, num_attention_heads: undefined, head_size: 64 },
    8 * 64 * 64 + 2 * 512,
  ],
  [
    'MiniCPM-SALA',
    {
      model_type: 'minicpm_sala',
      mixer_types: ['minicpm4', 'lightning-attn'],
      lightning_nh: 4,
      lightning_head_dim: 128,
    },
    4 * 128 * 128,
  ],
  // (heads, value, key) and the last 3 of values, keys and as many more: Mamba2StateShape.create of python/sglang/srt/configs/mamba_utils.py
  [
    'Jet-Nemotron, by SGLang',
    {
      model_type: 'jet_nemotron',
      layer_types: ['jet', 'attn'],
      efficient_attention_config: {
        jet: { mode: 'chunk', expand_v: 2, num_heads: 12, head_dim: 96, norm_eps: '1e-5', conv_size: 4 },
        swa: { window_size: 1152 },
      },
    },
    12 * 192 * 96 + (12 * 192 + 2 * 12 * 96) * 3,
  ],
  ['MiniMax', { model_type: 'minimax', layer_types: ['linear_attention', 'full_attention'] }, 8 * 64 * 64],
  ['Ring', { layer_group_size: 2 }, 8 * 64 * 64],
  [
    'Mamba 2 without the size of a head',
    {
      model_type: 'granitemoehybrid',
      layer_types: ['mamba', 'attention'],
      mamba_n_heads: 16,
      mamba_d_head: 'auto',
      mamba_d_state: 32,
      mamba_expand: 2,
      mamba_d_conv: 4,
      mamba_n_groups: 1,
    },
    1024 * 32 + (1024 + 2 * 32) * 3,
  ],
])('the state of %s', (_name, config, values) => {
  const plain = { num_hidden_layers: 2, hidden_size: 512, num_attention_heads: 8, num_key_value_heads: 2 };
  const { cache = [] } = architectureOf(JSON.stringify({ ...plain, ...config }), 'config.json');
  expect(cache).toContainEqual({ kind: 'state', layers: 1, bytes: 4 * values });
});

// as get_max_mllama_image_tokens of vLLM counts the tokens of an image
test('layers that attend to an image hold it once, and no text', () => {
  const text_config = {
    model_type: 'mllama_text_model',
    num_hidden_layers: 40,
    hidden_size: 4096,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    cross_attention_layers: [3, 8, 13, 18, 23, 28, 33, 38],
  };
  const vision_config = { image_size: 560, patch_size: 14, max_num_tiles: 4 };
  const cacheOf = (config: object) => architectureOf(JSON.stringify(config), 'config.json').cache;
  const image = 4 * (40 * 40 + 1) * 2 * 8 * 2 * 128;
  expect(cacheOf({ model_type: 'mllama', text_config, vision_config })).toEqual([
    { kind: 'attention', layers: 32, kvHeads: 8, keyDim: 128, valueDim: 128 },
    { kind: 'state', layers: 8, bytes: image },
  ]);
  expect(cacheOf(text_config)).toHaveLength(1);
});

// layers 0, 2 … 16 are state spaces, 1, 3 … 15 have windows, and 17 is the one whose cache all later ones use
test('the second half of Phi-4-mini-flash uses the cache of its first layer', () => {
  const sliding_window = Array.from({ length: 32 }, (_, at) => (at < 16 && at % 2 === 1 ? 512 : null));
  const config = {
    model_type: 'phi4flash',
    hidden_size: 2560,
    num_hidden_layers: 32,
    num_attention_heads: 40,
    num_key_value_heads: 20,
    mb_per_layer: 2,
  };
  const right = [
    { kind: 'state', layers: 9, bytes: 4 * 5120 * (16 + 3) },
    { kind: 'attention', layers: 8, kvHeads: 20, keyDim: 64, valueDim: 64, window: 512 },
    { kind: 'attention', layers: 1, kvHeads: 20, keyDim: 64, valueDim: 64 },
  ];
  for (const one of [sliding_window, 512])
    expect(architectureOf(JSON.stringify({ ...config, sliding_window: one }), 'config.json').cache).toEqual(right);
});

test('a latent vector has the window and the width of its layer', () => {
  const config = {
    num_hidden_layers: 2,
    num_attention_heads: 8,
    qk_nope_head_dim: 16,
    qk_rope_head_dim: 8,
    v_head_dim: 16,
    kv_lora_rank: 32,
    sliding_window: 512,
    layer_types: ['indexed_attention', 'sliding_attention'],
    per_layer_config: { '01': { kv_lora_rank: 64 } },
  };
  const { cache = [] } = architectureOf(JSON.stringify(config), 'config.json');
  expect(bytesPerToken(cache)).toBe((32 + 8) * 2);
  expect(bytesPerSequence(cache, 10_000)).toBe(10_000 * (32 + 8) * 2 + 512 * (64 + 8) * 2);
});

// deepseek-ai/DeepSeek-V4-Flash and -Pro (their config.json): two layers with a window alone or with vectors of 128 tokens, then one of 4 and one of 128 in turn
const deepSeekV4 = { model_type: 'deepseek_v4', head_dim: 512, sliding_window: 128, index_head_dim: 128 };
const inTurn = (from: number, layers: number) => Array.from({ length: layers }, (_, at) => (at % 2 === from ? 4 : 128));

test.each<[string, object, number]>([
  [
    'Flash',
    { num_hidden_layers: 43, num_attention_heads: 64, compress_ratios: [0, 0, ...inTurn(0, 41), 0] },
    (21 * (512 * 2 + 132)) / 4 + (20 * 512 * 2) / 128,
  ],
  [
    'Pro',
    { num_hidden_layers: 61, num_attention_heads: 128, compress_ratios: [128, 128, ...inTurn(0, 59), 0] },
    (30 * (512 * 2 + 132)) / 4 + (31 * 512 * 2) / 128,
  ],
  // 43 layers of the class DeepseekV4Config of Transformers 5.24.0, which begins with three of 128
  ['as Transformers leaves it out', {}, (20 * (512 * 2 + 132)) / 4 + (23 * 512 * 2) / 128],
  [
    'as Transformers writes it',
    {
      num_hidden_layers: 3,
      layer_types: ['sliding_attention', 'compressed_sparse_attention', 'heavily_compressed_attention'],
      compress_rates: { compressed_sparse_attention: 4, heavily_compressed_attention: 128 },
    },
    (512 * 2 + 132) / 4 + (512 * 2) / 128,
  ],
])('DeepSeek V4 holds a vector for 4 or 128 tokens: %s', (_name, config, perToken) => {
  const { cache = [] } = architectureOf(JSON.stringify({ ...deepSeekV4, ...config }), 'config.json');
  expect(bytesPerToken(cache)).toBe(perToken);
});

// deepseek-ai/DeepSeek-V4.1-Flash, and `is_kv_source` of vllm/models/deepseek_v41/attention.py
test('DeepSeek V4.1 holds a vector for two tokens in three layers, one for each in a fourth, and a window in all', () => {
  const text = {
    ...{ model_type: 'deepseek_v41_text', num_hidden_layers: 40, hidden_size: 5120, num_attention_heads: 64 },
    ...{
      head_dim: 512,
      sliding_window: 128,
      index_head_dim: 128,
      index_source_layer_ids: [2, 8, 14, 20, 24, 28, 32, 36],
    },
    compress_ratios: Array.from({ length: 40 }, (_, at) => (at < 2 ? 0 : at < 20 ? 2 : 1)),
    kv_source_layer_ids: [2, 8, 14, 20],
  };
  const { cache = [], heads } = architectureOf(
    JSON.stringify({ model_type: 'deepseek_v41', text_config: text }),
    'config.json',
  );
  expect(heads).toBe(64);
  // the index has 128 values in 8 bits and a scale in 32
  expect(bytesPerToken(cache)).toBe(3 * ((512 * 2 + 132) / 2) + 512 * 2 + 132);
  expect(bytesPerSequence(cache, 1000)).toBe(1000 * bytesPerToken(cache) + 40 * 128 * 512 * 2);
  expect(english(layersPart(cache))).toMatch(
    / of every 2 tokens \+ 1 layer of latent attention · 512.* of every token$/,
  );
});

// zero tensors of `xLSTMCache` in src/transformers/models/xlstm/modeling_xlstm.py, for the config.json of NX-AI/xLSTM-7b
test('xLSTM holds a matrix, a sum and a scale a head', () => {
  const config = { model_type: 'xlstm', embedding_dim: 4096, num_blocks: 32, num_heads: 8, qk_dim_factor: 0.5 };
  const { cache } = architectureOf(JSON.stringify({ ...config, v_dim_factor: 1 }), 'config.json');
  expect(cache).toEqual([{ kind: 'state', layers: 32, bytes: 4 * 8 * (256 * 512 + 256 + 1) }]);
});

// vllm/models/qwen4_exp/common/qsa_cache.py (0.33): a row of 16 bits for each complete group, in each layer with attention
test('an index of groups of tokens takes a part of a key a token', () => {
  const index = { indexer_n_heads: 4, indexer_kv_heads: 1, indexer_head_dim: 128, indexer_compress_ratio: 16 };
  const config = { model_type: 'qwen4_exp_text', num_hidden_layers: 8, full_attention_interval: 4, ...index };
  const { cache = [] } = architectureOf(JSON.stringify(config), 'config.json');
  // two KV heads of 256 are what its class has
  expect(bytesPerToken(cache)).toBe(2 * (2 * 2 * 256 * 2 + (2 * 128) / 16));
});

// ByteDance/Ouro-1.4B: vLLM makes an attention of each layer for each of the four times
test('a model that loops holds keys of each time', () => {
  const config = { model_type: 'ouro', num_hidden_layers: 24, hidden_size: 2048, num_attention_heads: 16 };
  for (const steps of [{ total_ut_steps: 4 }, {}]) {
    const read = architectureOf(JSON.stringify({ ...config, num_key_value_heads: 16, ...steps }), 'config.json');
    expect(read.layers).toBe(24);
    expect(bytesPerToken(read.cache ?? [])).toBe(4 * 24 * 2 * 16 * 128 * 2);
  }
});

// upstage/Solar-Open2-250B, with the layers that vLLM's tests/config/test_solar_open2_config.py expects of it
test('Solar Open 2 names its layers with keys, or how far they are apart', () => {
  const linear_attn_config = { short_conv_kernel_size: 4, head_dim: 128, num_heads: 64, num_kv_heads: null };
  const config = {
    model_type: 'solar_open2',
    num_hidden_layers: 48,
    hidden_size: 4096,
    num_attention_heads: 64,
    num_key_value_heads: 8,
    head_dim: 128,
    gqa_interval: 3,
    linear_attn_config,
  };
  const gqa_layers = Array.from({ length: 12 }, (_, at) => 4 * at);
  const { cache = [] } = architectureOf(JSON.stringify({ ...config, gqa_layers }), 'config.json');
  expect(bytesPerToken(cache)).toBe(12 * 2 * 8 * 128 * 2);
  expect(cache).toContainEqual({ kind: 'state', layers: 36, bytes: 4 * (64 * 128 * 128 + 3 * 64 * 128 * 3) });
  const apart = architectureOf(JSON.stringify({ ...config, num_hidden_layers: 8, gqa_interval: 4 }), 'config.json');
  expect(bytesPerToken(apart.cache ?? [])).toBe(2 * 2 * 8 * 128 * 2);
});

// IQuestLab/IQuest-Coder-V1-40B-Loop-Instruct
test('a model that loops over a window holds the window beside the keys of the first time', () => {
  const sizes = { num_hidden_layers: 80, hidden_size: 5120, num_attention_heads: 40, num_key_value_heads: 8 };
  const config = { model_type: 'iquestloopcoder', ...sizes, head_dim: 128, loop_num: 2, loop_window_size: 64 };
  const { cache = [] } = architectureOf(JSON.stringify(config), 'config.json');
  expect(bytesPerToken(cache)).toBe(80 * 2 * 8 * 128 * 2);
  expect(bytesPerSequence(cache, 10_000)).toBe((10_000 + 64) * 80 * 2 * 8 * 128 * 2);
});

// apple/OpenELM-270M: sizes of its own names, of which the heads differ by layer
test('OpenELM has heads by layer', () => {
  const config = {
    model_type: 'openelm',
    num_transformer_layers: 16,
    model_dim: 1280,
    head_dim: 64,
    num_query_heads: [12, 12, 12, 12, 12, 16, 16, 16, 16, 16, 16, 16, 20, 20, 20, 20],
    num_kv_heads: [3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5],
  };
  const { layers, heads, cache = [] } = architectureOf(JSON.stringify(config), 'config.json');
  expect([layers, heads]).toEqual([16, 20]);
  expect(bytesPerToken(cache)).toBe((5 * 3 + 7 * 4 + 4 * 5) * 2 * 64 * 2);
});

const dense = { num_hidden_layers: 2, hidden_size: 512, num_attention_heads: 8 };

// each window of 4096 in turn, as Mistral's params.json may name them
test('a list of windows holds for the layers in turn', () => {
  const config = { ...dense, num_hidden_layers: 4, sliding_window: [null, 4096] };
  const { cache = [] } = architectureOf(JSON.stringify(config), 'params.json');
  expect(bytesPerToken(cache)).toBe(2 * 2 * 8 * 64 * 2);
  expect(bytesPerSequence(cache, 10_000)).toBe((10_000 + 4096) * 2 * 2 * 8 * 64 * 2);
});

test.each<[string, object]>([
  ['a kind of layer that nobody knows', { ...dense, layer_types: ['full_attention', 'resonant_attention'] }],
  ['compressed attention without its sizes', { ...dense, layer_types: ['compressed_sparse_attention'] }],
  // those of DeepSeek V4.1, without the layers that hold them
  [
    'compressed attention of other ratios',
    { ...dense, head_dim: 512, sliding_window: 128, index_head_dim: 128, compress_ratios: [1, 2] },
  ],
  ['a state of unknown size', { ...dense, model_type: 'rwkv' }],
  ['no heads', { ...dense, num_attention_heads: 0 }],
  ['no KV heads', { ...dense, num_key_value_heads: 0 }],
  ['no values in a head', { ...dense, hidden_size: 4 }],
  ['no layers', { hidden_size: 512, num_attention_heads: 8 }],
])('the cache is not guessed with %s', (_name, config) => {
  expect(architectureOf(JSON.stringify(config), 'config.json').cache).toBeUndefined();
});

test.each<[object, string]>([
  [{ num_hidden_layers: 'many' }, 'num_hidden_layers must be a whole number; found "many"'],
  [{ num_hidden_layers: '32' }, 'num_hidden_layers must be a whole number; found "32"'],
  [{ num_hidden_layers: 4e9 }, 'num_hidden_layers must be at most 10000; found 4000000000'],
  [{ ...dense, num_attention_heads: -8 }, 'num_attention_heads must be a whole number or a list of them; found -8'],
  [{ ...dense, head_dim: 62.5 }, 'head_dim must be a whole number; found 62.5'],
  [
    { ...dense, num_key_value_heads: [8, '8'] },
    'num_key_value_heads must be a whole number or a list of them; found [8,"8"]',
  ],
])('%j is named', (config, expected) => {
  expect(() => architectureOf(JSON.stringify(config), 'm/config.json')).toThrow(
    `m/config.json is not the configuration of a model: ${expected}.`,
  );
});
