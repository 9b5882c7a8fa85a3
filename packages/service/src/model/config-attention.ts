import { grouped, type CachedLayers } from './cached-layers.ts';
import { isConfig, type ConfigValues } from './config-values.ts';
import { compressedAttention } from './compressed-attention.ts';
import { layerKinds, windowOf, type LayerKind } from './layer-kinds.ts';
import { stateBytes } from './layer-state.ts';

/** What the attention of a model is made of, as far as its configuration tells. */
export interface Attention {
  readonly layers: number;
  /** Query heads; undefined in a model without attention. */
  readonly heads?: number;
  /** Key-value heads and head dimension; where layers differ, the most of any. */
  readonly kvHeads?: number;
  readonly headDim?: number;
  readonly cache: readonly CachedLayers[];
}

// a key of 128 values in 8 bits and its scale in 32 (DeepSeek sparse attention)
const indexScaleBytes = 4;

/** Families whose layers have attention and a state space side by side. */
const both = new Set(['falcon_h1', 'zamba', 'zamba2']);

/** Families that name a latent rank and cache expanded keys all the same. */
const expanded = new Set(['minicpm3']);

/** Layers of a model that has more than any: beyond it a file is damaged. */
const mostLayers = 10_000;

/** Times that a model may go through them: beyond it a file is damaged too. */
const mostLoops = 100;

/** Undefined when the configuration leaves a size out that its class does not give either, or names a kind of layer that Fairway does not know. */
export function attentionOf(config: ConfigValues): Attention | undefined {
  const layers = layersOf(config);
  if (layers === undefined) return undefined;
  const compressed = compressedAttention(config, layers);
  if (compressed) {
    const { cache, headDim: width } = compressed;
    return cache && { layers, heads: queryHeads(config), kvHeads: 1, headDim: width, cache };
  }
  const kinds = layerKinds(config, layers);
  if (!kinds) return undefined;
  const family = config.text('model_type') ?? '';
  const heads = queryHeads(config);
  const cache: CachedLayers[] = [];
  for (const [at, kind] of kinds.entries()) {
    const own = config.ofLayer(at);
    if (kind === 'state' || (kind !== 'none' && both.has(family))) {
      const bytes = stateBytes(own);
      if (bytes === undefined) return undefined;
      cache.push({ kind: 'state', layers: 1, bytes });
    }
    if (kind === 'state' || kind === 'none') continue;
    const latent = expanded.has(family) ? undefined : latentLayer(own, at, kind, heads);
    const one = latent ?? headsOfLayer(own, at, kind, heads);
    if (!one) return undefined;
    if (one.kind !== 'attention' || one.kvHeads > 0) cache.push(one);
  }
  const encoder = imageAttention(config, cache) ?? crossAttention(config, cache);
  if (encoder === 'unknown') return undefined;
  const widest = Math.max(0, ...cache.map(one => (one.kind === 'latent' ? one.width : 0)));
  const keyed = cache.filter(one => one.kind === 'attention');
  const sizes = {
    kvHeads: widest > 0 ? 1 : Math.max(0, ...keyed.map(one => one.kvHeads)),
    headDim: widest || Math.max(0, ...keyed.map(one => one.keyDim)),
  };
  return {
    layers,
    ...(heads === undefined || kinds.every(kind => kind === 'state') ? {} : { heads }),
    ...(sizes.kvHeads > 0 ? sizes : {}),
    cache: grouped([...cache, ...loops(config, cache), ...(encoder ? [encoder] : [])]),
  };
}

/**
 * What models hold that go through their layers several times, beside what they hold of the first time. Ouro attends to its own keys each time
 * (vllm/model_executor/models/ouro.py); IQuest's LoopCoder to those of the first time and to a window of its own (iquest_loopcoder.py).
 */
function loops(config: ConfigValues, first: readonly CachedLayers[]): readonly CachedLayers[] {
  const family = config.text('model_type');
  const again = (times: number) => Array.from({ length: times - 1 }, () => first).flat();
  if (family === 'ouro') return again(config.count(mostLoops, 'total_ut_steps') ?? 4);
  if (family !== 'iquestloopcoder') return [];
  const window = config.number('loop_window_size') ?? 64;
  return again(config.count(mostLoops, 'loop_num') ?? 2).map(one =>
    one.kind === 'attention' ? { ...one, window } : one,
  );
}

/** An encoder's layers have the common names in files of a model that has a decoder too. */
function layersOf(config: ConfigValues): number | undefined {
  // each of LongCat's layers has two attentions, also in the class of LongCat-Next, which is made from that of Flash
  if (/^longcat_(flash|next)/.test(config.text('model_type') ?? '')) {
    const pairs = config.count(mostLayers, 'num_layers');
    return pairs === undefined ? undefined : 2 * pairs;
  }
  const named = config.count(
    mostLayers,
    ...['decoder_layers', 'num_decoder_layers', 'num_hidden_layers', 'n_layer', 'n_layers', 'num_layers', 'num_blocks'],
    // OpenELM
    'num_transformer_layers',
  );
  return (
    named ?? config.list('layers_block_type', 'layer_types')?.length ?? config.text('hybrid_override_pattern')?.length
  );
}

function queryHeads(config: ConfigValues): number | undefined {
  return (
    config.most(
      'decoder_attention_heads',
      'num_attention_heads',
      'n_head',
      'n_heads',
      'num_heads',
      'num_query_heads',
      'attention_heads',
    ) || undefined
  );
}

// DeepSeek's name, and openPangu's
const rotatedDim = ['qk_rope_head_dim', 'attention_qk_rope_dim'] as const;

/** Multi-head latent attention: one vector a token, which all heads share. */
function latentLayer(
  config: ConfigValues,
  at: number,
  kind: LayerKind,
  heads: number | undefined,
): CachedLayers | undefined {
  const rank = config.number('kv_lora_rank', 'attention_kv_lora_dim');
  if (rank === undefined || !heads) return undefined;
  const width = rank + (config.number(...rotatedDim) ?? 0);
  const keyDim = headDim(config, heads) ?? width;
  const index = kind === 'full' && hasIndex(config, at) ? config.number('index_head_dim') : undefined;
  const window = kind === 'window' ? windowOf(config, at) : undefined;
  return {
    kind: 'latent',
    layers: 1,
    width,
    expanded: heads * (keyDim + (config.number('v_head_dim', 'attention_v_dim') ?? keyDim)),
    ...(index === undefined ? {} : { indexBytes: index + indexScaleBytes }),
    ...(window === undefined ? {} : { window }),
  };
}

/** Layers whose sparse attention takes what an earlier layer found have no index of their own (GLM-5.1, and Hy4 by its class). */
function hasIndex(config: ConfigValues, at: number): boolean {
  const types = config.list('indexer_types');
  if (types === undefined && config.text('model_type') === 'hy_v4') return at === 0 || (at - 1) % 4 === 0;
  return types === undefined || types[at % types.length] !== 'shared';
}

type KeyedLayers = Extract<CachedLayers, { kind: 'attention' }>;

function headsOfLayer(
  config: ConfigValues,
  at: number,
  kind: LayerKind,
  heads: number | undefined,
): KeyedLayers | undefined {
  const block = blockHeads(config, at, heads);
  const family = config.text('model_type');
  const windowed = kind === 'window' ? config.number('swa_num_key_value_heads') : undefined;
  const global = kind === 'full' ? config.number('num_global_key_value_heads') : undefined;
  const kvHeads = block ?? windowed ?? global ?? keyValueHeads(config, at, heads);
  const ownDim = kind === 'window' ? config.number('swa_head_dim') : config.number('global_head_dim');
  const keyDim = ownDim ?? headDim(config, heads);
  if (kvHeads === undefined || !keyDim) return undefined;
  const valueDim =
    (kind === 'window' ? config.number('swa_v_head_dim') : undefined) ?? (config.number('v_head_dim') || undefined);
  const window = kind === 'window' ? windowOf(config, at) : undefined;
  return {
    kind: 'attention',
    layers: 1,
    kvHeads,
    keyDim,
    // MiniCPM3 pads its values to the keys
    valueDim: family === 'minicpm3' ? keyDim : (valueDim ?? keyDim),
    ...blockIndex(config, at, kind),
    ...(window === undefined ? {} : { window }),
  };
}

/**
 * What finds the blocks of tokens that a sparse layer with heads looks at: a key of 16 bits for each token (MiniMax-M3), or one for several (Qwen4-Exp).
 * vllm/models/minimax_m3/common/indexer.py and vllm/models/qwen4_exp/common/qsa_cache.py
 */
function blockIndex(config: ConfigValues, at: number, kind: LayerKind): { readonly indexBytes?: number } {
  const sparse = config.inner('sparse_attention_config');
  const dim = sparse?.number('sparse_index_dim') ?? config.number('indexer_head_dim', 'index_head_dim');
  const frequency = sparse?.list('sparse_attention_freq');
  const named =
    config.list('layer_types')?.[at] === 'minimax_m3_sparse' || config.get('indexer_head_dim') !== undefined;
  const indexed = sparse ? Number(frequency?.[at] ?? 1) > 0 : named;
  if (kind !== 'full' || !indexed || !dim) return {};
  return { indexBytes: (2 * dim) / (config.number('indexer_compress_ratio') ?? 1) };
}

function keyValueHeads(config: ConfigValues, at: number, heads: number | undefined): number | undefined {
  const family = config.text('model_type') ?? '';
  const falcon = /^(falcon|RefinedWeb|RefinedWebModel)$/.test(family);
  const single = falcon && config.flag('new_decoder_architecture') ? false : config.flag('multi_query');
  if (single) return 1;
  const named = config.perLayer(
    'num_key_value_heads_per_layer',
    'num_key_value_heads',
    'num_kv_heads',
    'n_head_kv',
    'n_kv_heads',
    'num_attention_groups',
  );
  // ChatGLM names its groups whether it uses them or not
  const groups = config.flag('multi_query_attention') === false ? undefined : config.number('multi_query_group_num');
  const inner = config.inner('attn_config')?.number('kv_n_heads');
  // a list holds null for a layer without attention
  if (typeof named === 'object') return named[at % named.length] ?? 0;
  // attention without a head is a damaged file
  return (named ?? groups ?? inner ?? heads) || undefined;
}

function headDim(config: ConfigValues, heads: number | undefined): number | undefined {
  const nope = config.number('qk_nope_head_dim', 'attention_qk_dim');
  const rope = config.number(...rotatedDim);
  // both are 0 where a class that knows latent attention has none (DeepSeek-OCR)
  if (nope !== undefined && rope !== undefined && nope + rope > 0) return nope + rope;
  const named = config.number('head_dim', 'attention_head_dim', 'kv_channels', 'hidden_size_per_head', 'd_kv');
  if (named) return named;
  const width = hiddenSize(config);
  return width === undefined || !heads ? undefined : Math.floor(width / heads);
}

export function hiddenSize(config: ConfigValues): number | undefined {
  return config.number('hidden_size', 'n_embd', 'n_embed', 'd_model', 'model_dim', 'dim', 'embedding_dim');
}

/** Models made by architecture search name the heads of each block: query heads that share a KV head, or no attention at all. */
function blockHeads(config: ConfigValues, at: number, heads: number | undefined): number | undefined {
  const block = config.list('block_configs')?.[at];
  const attention = isConfig(block) ? block.attention : undefined;
  if (!isConfig(attention)) return undefined;
  const share = attention.n_heads_in_group;
  if (attention.no_op === true || attention.replace_with_linear === true) return 0;
  return typeof share === 'number' && heads !== undefined ? heads / share : undefined;
}

/**
 * Layers that attend to an image alone (Llama 3.2 Vision) hold its keys and values: of one in the most tiles it may have, each of its patches and one
 * token more. A text model that was saved without its eyes holds none.
 */
function imageAttention(config: ConfigValues, decoder: readonly CachedLayers[]): CachedLayers | undefined {
  const layers = config.list('cross_attention_layers')?.length;
  const vision = config.inner('vision_config');
  const [own] = decoder;
  if (layers === undefined || !vision || own?.kind !== 'attention') return undefined;
  // what the file leaves out, MllamaVisionConfig of Transformers gives
  const side = Math.floor((vision.number('image_size') ?? 448) / (vision.number('patch_size') ?? 14));
  const tokens = (side ** 2 + 1) * (vision.number('max_num_tiles') ?? 4);
  return { kind: 'state', layers, bytes: 2 * own.kvHeads * (own.keyDim + own.valueDim) * tokens };
}

/** The keys and values of an encoder's whole output, which each layer of a decoder holds beside those of its own tokens. */
function crossAttention(config: ConfigValues, decoder: readonly CachedLayers[]): CachedLayers | 'unknown' | undefined {
  if (!(config.flag('is_encoder_decoder') ?? config.get('decoder_layers') !== undefined)) return undefined;
  const tokens = config.number('max_source_positions', 'max_position_embeddings', 'n_positions');
  const [own] = decoder;
  if (tokens === undefined || own?.kind !== 'attention') return 'unknown';
  return { kind: 'state', layers: decoder.length, bytes: 2 * own.kvHeads * (own.keyDim + own.valueDim) * tokens };
}
