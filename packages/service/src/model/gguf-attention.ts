import type { Architecture } from './architecture.ts';
import { grouped, type CachedLayers } from './cached-layers.ts';
import { compressedLayers } from './compressed-attention.ts';
import type { GgufValue } from './gguf.ts';

// where a file names a window and no pattern, llama.cpp's code knows it (src/models of version 0.3.36 of llama-cpp-python): every n-th layer
// attends to everything, with some families the first of n
const patterns: Readonly<Record<string, { readonly every: number; readonly first?: boolean }>> = {
  gemma2: { every: 2 },
  gemma3: { every: 6 },
  gemma3n: { every: 5 },
  'gpt-oss': { every: 2 },
  cohere2: { every: 4 },
  cohere2moe: { every: 4, first: true },
  llama4: { every: 4 },
  olmo2: { every: 4 },
  exaone4: { every: 4 },
  'exaone-moe': { every: 4 },
  afmoe: { every: 4 },
  mellum: { every: 4 },
  plamo3: { every: 8 },
  smallthinker: { every: 4, first: true },
};

// windows that the code has and a file may not name
const windows: Readonly<Record<string, number>> = { gemma2: 4096, llama4: 8192, 'exaone-moe': 128 };

/** Families for which llama.cpp makes no memory, beside those whose attention the file calls not causal. */
const encoders = /bert|^(dream|llada|llada-moe|rnd1|gemma-embedding)$/;

/** The shape of a model from the metadata of its GGUF file. */
export function ggufArchitecture(metadata: ReadonlyMap<string, GgufValue>): Architecture {
  const named = metadata.get('general.architecture');
  const family = typeof named === 'string' ? named : '';
  const value = (key: string): GgufValue | undefined => metadata.get(`${family}.${key}`);
  const number = (key: string): number | undefined => most(value(key));
  const layers = number('block_count');
  const heads = number('attention.head_count') || undefined;
  const kvHeads = (number('attention.head_count_kv') ?? heads) || undefined;
  const width = number('embedding_length');
  const headDim = number('attention.key_length') ?? (width === undefined || !heads ? undefined : width / heads);
  const ffn = number('feed_forward_length');
  const expert = number('expert_feed_forward_length');
  const used = number('expert_used_count');
  return {
    ...(family ? { architecture: family } : {}),
    family,
    layers,
    heads,
    kvHeads,
    headDim,
    cache: layers === undefined ? undefined : cacheOf(family, layers, { value, heads, kvHeads, headDim }),
    hiddenSize: width,
    intermediateSize: Math.max(ffn ?? 0, (expert ?? 0) * (used ?? 0)) || undefined,
    expertSize: expert,
    vocabulary: number('vocab_size'),
    positions: number('context_length'),
    contextLength: number('context_length'),
  };
}

interface Sizes {
  value(key: string): GgufValue | undefined;
  readonly heads: number | undefined;
  readonly kvHeads: number | undefined;
  readonly headDim: number | undefined;
}

function cacheOf(
  family: string,
  blocks: number,
  { value, heads, kvHeads, headDim }: Sizes,
): CachedLayers[] | undefined {
  if (encoders.test(family) || value('attention.causal') === false) return [];
  // those that guess tokens ahead are in the file, and hold nothing as long as nobody asks for them
  const layers = blocks - (most(value('nextn_predict_layers')) ?? 0);
  const state: CachedLayers = { kind: 'state', layers: 1, bytes: stateBytes(value, heads ?? 0) };
  const ratios = value('attention.compress_ratios');
  // `llama_kv_cache_dsv4`, whose index has the type of the keys
  if (Array.isArray(ratios))
    return compressedLayers(
      ratios,
      layers,
      [headDim, most(value('attention.sliding_window')), most(value('attention.indexer.key_length'))],
      index => 2 * index,
    );
  const perLayer = value('attention.head_count_kv');
  const feedForward = value('feed_forward_length');
  // a state space model has no heads at all
  if (kvHeads === undefined && state.bytes > 0) return grouped(Array.from({ length: layers }, () => state));
  if (kvHeads === undefined || !headDim) return undefined;
  // the keys of latent attention are the compressed vector, whose first part is the values too
  const latent = value('attention.key_length_mla') !== undefined;
  const index = most(value('attention.indexer.key_length'));
  // llama.cpp attends to all tokens in Phi 3
  const window =
    family === 'phi3' ? undefined : (most(value('attention.sliding_window')) ?? windows[family]) || undefined;
  const windowed = windowedLayers(family, value('attention.sliding_window_pattern'));
  const recurrent = recurrentLayers(family, value);
  const shared = most(value('attention.shared_kv_layers')) ?? 0;
  const both = family === 'falcon-h1';
  const cache: CachedLayers[] = [];
  for (let at = 0; at < layers - shared; at++) {
    const own = Array.isArray(perLayer) ? Number(perLayer[at] ?? 0) : kvHeads;
    // the layers of Nemotron-H without attention are a state or a feed-forward
    const dense = Array.isArray(feedForward) && Number(feedForward[at] ?? 0) > 0 && family.startsWith('nemotron_h');
    if (own === 0 || recurrent(at) || both) {
      if (own > 0 && state.bytes === 0) return undefined;
      if (state.bytes > 0 && !dense) cache.push(state);
      if (!both) continue;
    }
    if (latent) {
      cache.push({
        kind: 'latent',
        layers: 1,
        width: headDim,
        ...(index === undefined ? {} : { indexBytes: 2 * index }),
      });
      continue;
    }
    const local = window !== undefined && windowed(at);
    const keyDim = (local ? most(value('attention.key_length_swa')) : undefined) ?? headDim;
    const valueDim =
      (local ? most(value('attention.value_length_swa')) : undefined) ??
      most(value('attention.value_length')) ??
      keyDim;
    cache.push({ kind: 'attention', layers: 1, kvHeads: own, keyDim, valueDim, ...(local ? { window } : {}) });
  }
  return grouped(cache);
}

function windowedLayers(family: string, named: GgufValue | undefined): (at: number) => boolean {
  if (Array.isArray(named)) return at => Number(named[at % named.length] ?? 0) === 1;
  const { every = most(named), first = false } = patterns[family] ?? {};
  if (every === undefined) return () => false;
  const period = most(named) ?? every;
  return at => at % period !== (first ? 0 : period - 1);
}

function recurrentLayers(family: string, value: (key: string) => GgufValue | undefined): (at: number) => boolean {
  const named = value('attention.recurrent_layers');
  if (Array.isArray(named)) return at => Number(named[at] ?? 0) === 1;
  const interval = most(value('full_attention_interval')) ?? (/^qwen3(next|5)/.test(family) ? 4 : undefined);
  return at => interval !== undefined && (at + 1) % interval !== 0;
}

/** llama.cpp holds the state of a recurrence and of its convolution in 32 bits (`n_embd_s` and `n_embd_r` of src/llama-hparams.cpp). */
function stateBytes(value: (key: string) => GgufValue | undefined, heads: number): number {
  const size = (key: string): number => most(value(key)) ?? 0;
  const convolution = Math.max(0, size('ssm.conv_kernel') - 1);
  const width = size('embedding_length');
  if (size('wkv.head_size') > 0) return 4 * width * (size('wkv.head_size') + (size('token_shift_count') || 2));
  if (size('shortconv.l_cache') > 0) return 4 * width * (size('shortconv.l_cache') - 1);
  const delta = size('kda.head_dim');
  if (delta > 0) return 4 * heads * delta * (delta + 3 * convolution);
  const inner = size('ssm.inner_size');
  const channels = inner + 2 * size('ssm.group_count') * size('ssm.state_size');
  return 4 * (inner * size('ssm.state_size') + convolution * channels);
}

function most(value: GgufValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return Array.isArray(value) && value.length > 0 ? Math.max(...value) : undefined;
}
