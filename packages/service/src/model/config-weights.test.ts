import { weightsOfConfig } from './config-weights.ts';

const plain = { hidden_size: 4096, num_attention_heads: 32, num_key_value_heads: 8, torch_dtype: 'bfloat16' };

// parameters as the hub counts them in the headers of the published weights
test.each<[string, number, object]>([
  [
    'meta-llama/Llama-3.1-8B',
    8_030_261_248,
    { ...plain, model_type: 'llama', num_hidden_layers: 32, intermediate_size: 14_336, vocab_size: 128_256 },
  ],
  [
    'mistralai/Mistral-7B-v0.3',
    7_248_023_552,
    { ...plain, model_type: 'mistral', num_hidden_layers: 32, intermediate_size: 14_336, vocab_size: 32_768 },
  ],
  [
    'Qwen/Qwen3-8B',
    8_190_735_360,
    {
      ...plain,
      model_type: 'qwen3',
      head_dim: 128,
      num_hidden_layers: 36,
      intermediate_size: 12_288,
      vocab_size: 151_936,
    },
  ],
  [
    'google/gemma-2-9b',
    9_241_705_984,
    {
      model_type: 'gemma2',
      hidden_size: 3584,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 256,
      num_hidden_layers: 42,
      intermediate_size: 14_336,
      vocab_size: 256_000,
      torch_dtype: 'bfloat16',
    },
  ],
])('the weights of %s', (_model, parameters, config) => {
  const bytes = weightsOfConfig(JSON.stringify(config), 'config.json');
  expect(Math.abs((bytes ?? 0) / (2 * parameters) - 1)).toBeLessThan(0.001);
});

const known = { ...plain, model_type: 'llama', num_hidden_layers: 32, intermediate_size: 14_336, vocab_size: 128_256 };

test('an output that has the weights of the embedding is counted once', () => {
  const bytes = (more: object) => weightsOfConfig(JSON.stringify({ ...known, ...more }), 'config.json') ?? 0;
  expect(bytes({}) - bytes({ tie_word_embeddings: true })).toBe(2 * 128_256 * 4096);
});

test.each<[string, object]>([
  ['experts', { model_type: 'mixtral', num_local_experts: 8, num_experts_per_tok: 2 }],
  ['an unknown family', { model_type: 'other' }],
  ['quantisation', { quantization_config: { quant_method: 'awq' } }],
  ['no type', { torch_dtype: null }],
])('what the file does not say is not guessed: %s', (_name, more) => {
  expect(weightsOfConfig(JSON.stringify({ ...known, ...more }), 'config.json')).toBeUndefined();
});
