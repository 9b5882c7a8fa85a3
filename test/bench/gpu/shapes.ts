/** The config.json of models in use, by the name of their repository; what decides speed and memory, with the ids of the random tokenizer. */
export const shapes = {
  'llama-3.1-8b': llama({ hidden: 4096, inner: 14_336, layers: 32, heads: 32, headDim: 128, tied: false }),
  'llama-3.2-3b': llama({ hidden: 3072, inner: 8192, layers: 28, heads: 24, headDim: 128, tied: true }),
  'llama-3.2-1b': llama({ hidden: 2048, inner: 8192, layers: 16, heads: 32, headDim: 64, tied: true }),
};

export type ShapeName = keyof typeof shapes;

interface Sizes {
  readonly hidden: number;
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
  readonly headDim: number;
  readonly tied: boolean;
}

function llama({ hidden, inner, layers, heads, headDim, tied }: Sizes) {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    attention_bias: false,
    attention_dropout: 0,
    bos_token_id: 0,
    pad_token_id: 3,
    head_dim: headDim,
    hidden_act: 'silu',
    hidden_size: hidden,
    initializer_range: 0.02,
    intermediate_size: inner,
    max_position_embeddings: 8192,
    mlp_bias: false,
    num_attention_heads: heads,
    num_hidden_layers: layers,
    num_key_value_heads: 8,
    rms_norm_eps: 1e-5,
    rope_theta: 500_000,
    tie_word_embeddings: tied,
    torch_dtype: 'bfloat16',
    use_cache: true,
    vocab_size: 128_256,
  };
}
