import type { ConfigValues } from './config-values.ts';

/** What a layer caches; `none` is a layer without attention, or one that uses the cache of an earlier layer. */
export type LayerKind = 'full' | 'window' | 'state' | 'none';

// the words of `layer_types` and of its relatives, over all families
const words: Readonly<Record<string, LayerKind>> = {
  full_attention: 'full',
  attention: 'full',
  global: 'full',
  attn: 'full',
  // a part of the tokens is looked at, which an index finds, and all of them are held
  indexed_attention: 'full',
  sparse_attention: 'full',
  sparse: 'full',
  deepseek_sparse_attention: 'full',
  qwen_sparse_attention: 'full',
  minimax_m3_sparse: 'full',
  hybrid: 'full',
  sliding_attention: 'window',
  chunked_attention: 'window',
  local_attention: 'window',
  hybrid_sliding: 'window',
  local: 'window',
  linear_attention: 'state',
  linear: 'state',
  mamba: 'state',
  mamba2: 'state',
  conv: 'state',
  recurrent: 'state',
  // MiniCPM-SALA
  minicpm4: 'full',
  'lightning-attn': 'state',
  // Jet-Nemotron, whose windows SGLang holds as a whole (python/sglang/srt/configs/jet_nemotron.py); no other engine here knows it
  jet: 'state',
  swa: 'full',
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
const windowEverywhere = new Set(['mistral', 'ministral', 'mixtral', 'phi3', 'phimoe', 'starcoder2']);

/** Families all of whose layers keep a state and no keys. */
const stateOnly = new Set(['mamba', 'mamba2', 'falcon_mamba', 'rwkv', 'rwkv5', 'rwkv6', 'rwkv7', 'xlstm']);

/** Families that read a whole text at once, and hold nothing of it when they have answered. */
const encoders = /bert|electra|_bidirec$|^(deberta|esm|gte|mpnet|new|xlm|nystromformer)\b/;

/** The kind of each layer; undefined where the file names one that Fairway does not know. */
export function layerKinds(config: ConfigValues, layers: number): LayerKind[] | undefined {
  const family = config.text('model_type') ?? '';
  const each = <T>(kind: (index: number) => T): T[] => Array.from({ length: layers }, (_, at) => kind(at));
  if (stateOnly.has(family)) return each(() => 'state');
  if (isEncoder(config, family)) return each(() => 'none');
  if (family === 'phi4flash') return each(at => decoderDecoderKind(config, at, layers));
  // they hold what the model saw, which is counted apart
  const cross = config.list('cross_attention_layers');
  if (cross) return each(at => (cross.includes(at) ? 'none' : 'full'));

  const named = namedKinds(config, family);
  if (named) {
    const kinds = each(at => named[at % named.length]).filter(kind => kind !== undefined);
    return kinds.length < layers ? undefined : shared(config, kinds);
  }

  const linear = config.inner('linear_attn_config')?.list('full_attn_layers');
  // counted from one
  if (linear) return each(at => (linear.includes(at + 1) ? 'full' : 'state'));
  const indices = config.list('attn_layer_indices', 'full_attn_idxs', 'full_attention_layers', 'gqa_layers');
  if (indices) return each(at => (indices.includes(at) ? 'full' : 'state'));
  const period = config.number('attn_layer_period');
  if (period) return each(at => (at % period === (config.number('attn_layer_offset') ?? 0) ? 'full' : 'state'));
  // PLaMo 2, with one of each so many layers in their middle
  const step = config.flag('mamba_enabled') === false ? undefined : config.number('mamba_step');
  if (step) return each(at => (at % step === Math.min(Math.floor(step / 2), layers - 1) ? 'full' : 'state'));
  const interval = config.number('full_attention_interval', 'gqa_interval');
  if (interval) return each(at => ((at + 1) % interval === 0 ? 'full' : 'state'));
  const group = config.number('layer_group_size') ?? 1;
  // what the last group lacks are layers of full attention (Ling, Ring)
  const grouped = Math.floor(layers / group) * group;
  if (group > 1) return each(at => ((at + 1) % group === 0 || at >= grouped ? 'full' : 'state'));

  const windows = each(at => windowOf(config, at) !== undefined);
  if (!windows.includes(true)) return each(() => 'full');
  if (Array.isArray(config.get('sliding_window'))) return windows.map(one => (one ? 'window' : 'full'));
  const pattern = config.number('sliding_window_pattern', 'global_attn_every_n_layers');
  if (pattern)
    return shared(
      config,
      each(at => ((at + 1) % pattern === 0 ? 'full' : 'window')),
    );
  const first = config.number('max_window_layers');
  if (config.flag('use_sliding_window') && first !== undefined) return each(at => (at >= first ? 'window' : 'full'));
  return each(() => (windowEverywhere.has(family) ? 'window' : 'full'));
}

/** Tokens of a layer's window; undefined where the configuration switches windows off. */
export function windowOf(config: ConfigValues, at: number): number | undefined {
  if (config.flag('use_sliding_window') === false) return undefined;
  // MiMo-V2 names a chunk that its code does not use beside the window that it does
  const names = ['sliding_window', 'sliding_window_size', 'attention_window_size', 'attention_chunk_size'];
  // of other models the same name is that of what they see or hear with
  const value = config.get(...names, ...(config.text('model_type') === 'plamo3' ? ['window_size'] : []));
  // Mistral names one for each layer in turn
  const window: unknown = Array.isArray(value) ? value[at % value.length] : value;
  if (typeof window !== 'number' || window <= 0) return undefined;
  // one that holds all that the model can see is none (Phi 3.5 and 4)
  const positions = config.gives('max_position_embeddings') ? config.number('max_position_embeddings') : undefined;
  return window < (positions ?? Infinity) ? window : undefined;
}

function isEncoder(config: ConfigValues, family: string): boolean {
  if (config.flag('is_causal') === false) return true;
  // EmbeddingGemma; in PaliGemma the prompt alone is read so
  if (config.flag('use_bidirectional_attention') && /^(gemma3|embedding_gemma)/.test(family)) return true;
  return encoders.test(family) && !family.endsWith('decoder') && !config.flag('is_decoder');
}

function namedKinds(config: ConfigValues, family: string): readonly (LayerKind | undefined)[] | undefined {
  const pattern = config.text('hybrid_override_pattern') ?? config.text('sliding_window_pattern');
  const list =
    pattern?.split('') ??
    config.list('layer_types', 'layers_block_type', 'block_types', 'attention_layers', 'mixer_types');
  // the attention of RecurrentGemma has a window and no other word
  const local = config.get('attention_window_size') !== undefined;
  if (list) return list.map(word => (local && word === 'attention' ? 'window' : words[String(word)]));
  // 1 is what differs from full attention, but for MiniMax, where 1 is softmax attention and 0 linear
  const window = config.list('hybrid_layer_pattern');
  if (window) return window.map(one => (one === 1 ? 'window' : 'full'));
  const softmax = config.list('attn_type_list');
  if (softmax) return softmax.map(one => (one === 0 ? 'state' : 'full'));
  // layers with positions attend to a chunk, those without to everything
  const positions = family === 'llama4_text' ? config.list('no_rope_layers') : undefined;
  return positions?.map(one => (one === 0 ? 'full' : 'window'));
}

/**
 * Phi-4-mini-flash: state spaces and windows in turn up to the middle, then one layer with the keys and values of all tokens, which the attention of all
 * later ones uses. Their state spaces use the last one's output and hold nothing. vllm/model_executor/models/phi4flash.py
 */
function decoderDecoderKind(config: ConfigValues, at: number, layers: number): LayerKind {
  const middle = Math.floor(layers / 2);
  const period = config.number('mb_per_layer') ?? 0;
  if (at >= middle + 2) return 'none';
  if (period > 0 && at % period === 0) return 'state';
  return at > middle || windowOf(config, at) === undefined ? 'full' : 'window';
}

/** The last layers of Gemma 3n and 4 use the cache of earlier ones. */
function shared(config: ConfigValues, kinds: LayerKind[]): LayerKind[] {
  const without = config.number('num_kv_shared_layers') ?? 0;
  return kinds.map((kind, at) => (at >= kinds.length - without ? 'none' : kind));
}
