import type { ConfigValues } from './config-values.ts';

const float32 = 4;

/**
 * Bytes that a layer without keys holds of one sequence: the state of its recurrence in 32 bits, which is the most that engines
 * use, and the last inputs of its convolution. Undefined where the family does not tell.
 */
export function stateBytes(config: ConfigValues): number | undefined {
  const values =
    rwkv(config) ??
    xlstm(config) ??
    delta(config) ??
    gatedDelta(config) ??
    jet(config) ??
    mamba2(config) ??
    mamba(config) ??
    lightning(config) ??
    shortConvolution(config);
  return values === undefined ? undefined : values * float32;
}

/** RWKV from version 5 on: a square a head, and the last input of its two halves. */
function rwkv(config: ConfigValues): number | undefined {
  const hidden = config.number('hidden_size');
  if (hidden === undefined || !/^rwkv[567]$/.test(config.text('model_type') ?? '')) return undefined;
  return hidden * (config.number('head_size', 'head_dim') ?? 64) + 2 * hidden;
}

/** xLSTM: a matrix of keys and values a head, the sum of its keys, and a scale (`xLSTMCache` of Transformers). */
function xlstm(config: ConfigValues): number | undefined {
  const heads = config.number('num_heads');
  const hidden = config.number('hidden_size', 'embedding_dim');
  if (config.text('model_type') !== 'xlstm' || !heads || hidden === undefined) return undefined;
  // both are multiples of 64
  const width = (factor: unknown, usual: number): number =>
    Math.ceil((hidden * (typeof factor === 'number' ? factor : usual)) / 64) * 64;
  const keys = Math.floor(width(config.get('qk_dim_factor'), 0.5) / heads);
  const values = Math.floor(width(config.get('v_dim_factor'), 1) / heads);
  return heads * (keys * values + keys + 1);
}

/** Kimi Delta Attention, as its own files, those of Transformers and those of Ling 3 name it. */
function delta(config: ConfigValues): number | undefined {
  const kimi = config.inner('linear_attn_config');
  const ling = !kimi && config.number('short_conv_kernel_size') !== undefined;
  const dim = kimi?.number('head_dim') ?? config.number(ling ? 'head_dim' : 'linear_head_dim');
  const heads = kimi?.number('num_heads') ?? config.number(ling ? 'num_attention_heads' : 'linear_num_heads');
  if (dim === undefined || heads === undefined) return undefined;
  const kernel = (kimi ?? config).number('short_conv_kernel_size', 'linear_conv_kernel_dim') ?? 1;
  return heads * dim * dim + 3 * heads * dim * (kernel - 1);
}

/** Gated DeltaNet (Qwen3-Next, Qwen3.5). */
function gatedDelta(config: ConfigValues): number | undefined {
  const valueHeads = config.number('linear_num_value_heads');
  const keyDim = config.number('linear_key_head_dim');
  const valueDim = config.number('linear_value_head_dim');
  if (valueHeads === undefined || keyDim === undefined || valueDim === undefined) return undefined;
  const channels = 2 * (config.number('linear_num_key_heads') ?? valueHeads) * keyDim + valueHeads * valueDim;
  return valueHeads * keyDim * valueDim + channels * ((config.number('linear_conv_kernel_dim') ?? 1) - 1);
}

/** Jet-Nemotron, as SGLang holds it: the state of Mamba 2 (`mamba2_cache_params`). */
function jet(config: ConfigValues): number | undefined {
  const block = config.inner('efficient_attention_config')?.inner('jet');
  const heads = block?.number('num_heads');
  const keyDim = block?.number('head_dim');
  const wider = block?.get('expand_v');
  if (heads === undefined || keyDim === undefined || typeof wider !== 'number') return undefined;
  const valueDim = Math.floor(keyDim * wider);
  return heads * (keyDim * valueDim + (2 * keyDim + valueDim) * ((block?.number('conv_size') ?? 1) - 1));
}

/** Mamba 2 (Nemotron-H, Bamba, Granite 4, Zamba 2, Falcon H1). */
function mamba2(config: ConfigValues): number | undefined {
  const heads = config.number('mamba_num_heads', 'mamba_n_heads', 'n_mamba_heads');
  const state = config.number('ssm_state_size', 'mamba_d_state');
  if (!heads || state === undefined) return undefined;
  const sizes = ['mamba_head_dim', 'mamba_d_head', 'mamba_headdim'];
  // the word stands for a division
  const named = config.text(...sizes) === 'auto' ? undefined : config.number(...sizes);
  const hidden = config.number('hidden_size');
  const width =
    config.number('mamba_d_ssm') ??
    (hidden === undefined ? undefined : hidden * (config.number('mamba_expand', 'expand') ?? 2));
  const dim = named ?? (width === undefined ? undefined : width / heads);
  if (dim === undefined) return undefined;
  const groups = config.number('n_groups', 'mamba_n_groups', 'mamba_ngroups') ?? 1;
  const kernel = config.number('conv_kernel', 'mamba_d_conv') ?? 4;
  return heads * dim * state + (heads * dim + 2 * groups * state) * (kernel - 1);
}

/** Mamba (Jamba, Falcon Mamba). */
function mamba(config: ConfigValues): number | undefined {
  const state = config.number('mamba_d_state', 'state_size');
  const expand = config.number('mamba_expand', 'expand');
  const hidden = config.number('hidden_size');
  if (state === undefined || hidden === undefined) return undefined;
  const width = config.number('intermediate_size_mamba') ?? hidden * (expand ?? 2);
  return width * state + width * ((config.number('mamba_d_conv', 'conv_kernel') ?? 4) - 1);
}

/** Lightning attention (MiniMax, Ling, MiniCPM-SALA): a square a head. */
function lightning(config: ConfigValues): number | undefined {
  const named =
    config.get('attn_type_list', 'layer_group_size', 'mixer_types') ?? config.text('model_type')?.startsWith('minimax');
  const heads = config.number('lightning_nh', 'num_attention_heads');
  const hidden = config.number('hidden_size');
  const dim = config.number('lightning_head_dim', 'head_dim') ?? (heads && hidden ? hidden / heads : undefined);
  return !named || heads === undefined || dim === undefined ? undefined : heads * dim * dim;
}

/** LFM2 and RecurrentGemma. */
function shortConvolution(config: ConfigValues): number | undefined {
  const kernel = config.number('conv_L_cache', 'conv1d_width');
  const width = config.number('lru_width', 'hidden_size');
  return kernel === undefined || width === undefined ? undefined : width * kernel;
}
