import { grouped, type CachedLayers } from './cached-layers.ts';
import { isConfig, type ConfigValues } from './config-values.ts';
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
const both = new Set(['falcon_h1', 'zamba2']);

/** Families that name a latent rank and cache expanded keys all the same. */
const expanded = new Set(['minicpm3']);

/** Undefined when the configuration leaves a size out that its class does not give either. */
export function attentionOf(config: ConfigValues): Attention | undefined {
  const layers =
    config.number('num_hidden_layers', 'n_layer', 'n_layers', 'num_layers', 'decoder_layers') ??
    config.list('layers_block_type')?.length;
  // compressed caches of DeepSeek V4 follow rules of their own
  if (layers === undefined || config.list('compress_ratios')) return undefined;
  const kinds = layerKinds(config, layers);
  const attends = kinds.some(kind => kind === 'full' || kind === 'window');
  const state: CachedLayers = { kind: 'state', layers: 1, bytes: stateBytes(config) };
  if (!attends) return { layers, cache: grouped(kinds.filter(kind => kind === 'state').map(() => state)) };

  const heads = queryHeads(config);
  const rank = config.number('kv_lora_rank');
  const family = config.text('model_type') ?? '';
  if (rank !== undefined && heads !== undefined && !expanded.has(family)) {
    const index = config.number('index_head_dim');
    const width = rank + (config.number('qk_rope_head_dim') ?? 0);
    const keyDim = headDim(config, heads) ?? width;
    const latent: CachedLayers = {
      kind: 'latent',
      layers: 1,
      width,
      expanded: heads * (keyDim + (config.number('v_head_dim') ?? keyDim)),
      ...(index === undefined ? {} : { indexBytes: index + indexScaleBytes }),
    };
    const cache = kinds.flatMap(kind => (kind === 'none' ? [] : [kind === 'state' ? state : latent]));
    return { layers, heads, kvHeads: 1, headDim: width, cache: grouped(cache) };
  }

  const cache: CachedLayers[] = [];
  for (const [at, kind] of kinds.entries()) {
    if (kind === 'state' || both.has(family)) cache.push(state);
    if (kind === 'state' || kind === 'none') continue;
    const one = headsOfLayer(config, at, kind, heads);
    if (!one) return undefined;
    if (one.kvHeads > 0) cache.push(one);
  }
  const encoder = crossAttention(config);
  const keyed = cache.filter(one => one.kind === 'attention');
  return {
    layers,
    heads,
    kvHeads: Math.max(...keyed.map(one => one.kvHeads)),
    headDim: Math.max(...keyed.map(one => one.keyDim)),
    cache: grouped(encoder ? [...cache, ...encoder] : cache),
  };
}

function queryHeads(config: ConfigValues): number | undefined {
  const heads = config.perLayer(
    'num_attention_heads',
    'n_head',
    'n_heads',
    'num_query_heads',
    'decoder_attention_heads',
  );
  return typeof heads === 'object' ? Math.max(...heads.map(one => one ?? 0)) : heads;
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
  if (kvHeads === undefined || keyDim === undefined) return undefined;
  const valueDim = (kind === 'window' ? config.number('swa_v_head_dim') : undefined) ?? config.number('v_head_dim');
  const window = kind === 'window' ? windowOf(config) : undefined;
  return {
    kind: 'attention',
    layers: 1,
    kvHeads,
    keyDim,
    // MiniCPM3 pads its values to the keys
    valueDim: family === 'minicpm3' ? keyDim : (valueDim ?? keyDim),
    ...(window === undefined ? {} : { window }),
  };
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
  return named ?? groups ?? inner ?? heads;
}

function headDim(config: ConfigValues, heads: number | undefined): number | undefined {
  const nope = config.number('qk_nope_head_dim');
  const rope = config.number('qk_rope_head_dim');
  if (nope !== undefined && rope !== undefined) return nope + rope;
  const named = config.number('head_dim', 'kv_channels', 'attention_head_dim', 'hidden_size_per_head');
  if (named) return named;
  const width = hiddenSize(config);
  return width === undefined || !heads ? undefined : Math.floor(width / heads);
}

export function hiddenSize(config: ConfigValues): number | undefined {
  return config.number('hidden_size', 'n_embd', 'd_model', 'model_dim', 'dim');
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

/** The keys of an encoder's whole output, which a speech model holds beside those of its own tokens. */
function crossAttention(config: ConfigValues): CachedLayers[] | undefined {
  const layers = config.number('decoder_layers');
  const tokens = config.number('max_source_positions');
  const width = hiddenSize(config);
  if (layers === undefined || tokens === undefined || width === undefined) return undefined;
  return [{ kind: 'state', layers, bytes: 2 * 2 * width * tokens }];
}
