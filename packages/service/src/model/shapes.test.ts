import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesPerSequence, bytesPerToken } from './cached-layers.ts';
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

test('a size that is no number is named', () => {
  expect(() => architectureOf('{"model_type":"llama","num_hidden_layers":"many"}', 'm/config.json')).toThrow(
    'm/config.json is not the configuration of a model: num_hidden_layers must be a number; found "many".',
  );
});
