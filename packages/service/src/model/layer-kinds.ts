import type { ConfigValues } from './config-values.ts';

/** What a layer caches; `none` is a layer without attention, or one that uses the cache of an earlier layer. */
export type LayerKind = 'full' | 'window' | 'state' | 'none';

// the words of `layer_types` and of its relatives, over all families
const words: Readonly<Record<string, LayerKind>> = {
  full_attention: 'full',
  attention: 'full',
  hybrid: 'full',
  sliding_attention: 'window',
  chunked_attention: 'window',
  local_attention: 'window',
  linear_attention: 'state',
  mamba: 'state',
  mamba2: 'state',
  conv: 'state',
  recurrent: 'state',
  mlp: 'none',
  moe: 'none',
  // the letters of hybrid_override_pattern (Nemotron-H) and of a sliding_window_pattern (EXAONE 4)
  '*': 'full',
  M: 'state',
  '-': 'none',
  E: 'none',
  L: 'window',
  G: 'full',
};

/** Families whose `sliding_window` holds for every layer; elsewhere a window without a pattern is not taken for one. */
const windowEverywhere = new Set(['mistral', 'mixtral', 'phi3', 'phimoe', 'starcoder2']);

/** Families all of whose layers keep a state and no keys. */
const stateOnly = new Set(['mamba', 'mamba2', 'falcon_mamba', 'rwkv']);

/** The kind of each layer. */
export function layerKinds(config: ConfigValues, layers: number): LayerKind[] {
  const family = config.text('model_type') ?? '';
  const each = (kind: (index: number) => LayerKind): LayerKind[] => Array.from({ length: layers }, (_, at) => kind(at));
  if (stateOnly.has(family)) return each(() => 'state');

  const named = namedKinds(config, family);
  if (named)
    return shared(
      config,
      each(at => named[at % named.length] ?? 'full'),
    );

  const linear = config.inner('linear_attn_config')?.list('full_attn_layers');
  // counted from one
  if (linear) return each(at => (linear.includes(at + 1) ? 'full' : 'state'));
  const indices = config.list('attn_layer_indices');
  if (indices) return each(at => (indices.includes(at) ? 'full' : 'state'));
  const period = config.number('attn_layer_period');
  if (period) return each(at => (at % period === (config.number('attn_layer_offset') ?? 0) ? 'full' : 'state'));
  const interval = config.number('full_attention_interval');
  if (interval) return each(at => ((at + 1) % interval === 0 ? 'full' : 'state'));

  if (windowOf(config) === undefined) return each(() => 'full');
  const pattern = config.number('sliding_window_pattern');
  if (pattern)
    return shared(
      config,
      each(at => ((at + 1) % pattern === 0 ? 'full' : 'window')),
    );
  const first = config.number('max_window_layers');
  if (config.flag('use_sliding_window') && first !== undefined) return each(at => (at >= first ? 'window' : 'full'));
  return each(() => (windowEverywhere.has(family) ? 'window' : 'full'));
}

/** Tokens of a window; undefined where the configuration switches windows off. */
export function windowOf(config: ConfigValues): number | undefined {
  if (config.flag('use_sliding_window') === false) return undefined;
  // MiMo-V2 names a chunk that its code does not use beside the window that it does
  return config.number('sliding_window', 'attention_window_size', 'attention_chunk_size') || undefined;
}

function namedKinds(config: ConfigValues, family: string): readonly LayerKind[] | undefined {
  const pattern = config.text('hybrid_override_pattern') ?? config.text('sliding_window_pattern');
  const list = pattern?.split('') ?? config.list('layer_types', 'layers_block_type', 'block_types');
  if (list) return list.map(word => words[String(word)] ?? 'full');
  // 1 is what differs from full attention, but for MiniMax, where 1 is softmax attention and 0 linear
  const window = config.list('hybrid_layer_pattern');
  if (window) return window.map(one => (one === 1 ? 'window' : 'full'));
  const softmax = config.list('attn_type_list');
  if (softmax) return softmax.map(one => (one === 0 ? 'state' : 'full'));
  // layers with positions attend to a chunk, those without to everything
  const positions = family === 'llama4_text' ? config.list('no_rope_layers') : undefined;
  return positions?.map(one => (one === 0 ? 'full' : 'window'));
}

/** The last layers of Gemma 3n and 4 use the cache of earlier ones. */
function shared(config: ConfigValues, kinds: LayerKind[]): LayerKind[] {
  const without = config.number('num_kv_shared_layers') ?? 0;
  return kinds.map((kind, at) => (at >= kinds.length - without ? 'none' : kind));
}
