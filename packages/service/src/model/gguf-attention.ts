import type { Architecture } from './architecture.ts';
import { grouped, type CachedLayers } from './cached-layers.ts';
import type { GgufValue } from './gguf.ts';

// where a file names a window and no pattern, llama.cpp's code knows it: every n-th layer attends to everything
const patterns: Readonly<Record<string, number>> = {
  gemma2: 2,
  gemma3: 6,
  gemma3n: 5,
  'gpt-oss': 2,
  cohere2: 4,
  llama4: 4,
  olmo2: 4,
  exaone4: 4,
};

/** The shape of a model from the metadata of its GGUF file. */
export function ggufArchitecture(metadata: ReadonlyMap<string, GgufValue>): Architecture {
  const named = metadata.get('general.architecture');
  const family = typeof named === 'string' ? named : '';
  const value = (key: string): GgufValue | undefined => metadata.get(`${family}.${key}`);
  const number = (key: string): number | undefined => most(value(key));
  const layers = number('block_count');
  const heads = number('attention.head_count');
  const kvHeads = number('attention.head_count_kv') ?? heads;
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
    cache: layers === undefined ? undefined : cacheOf(family, layers, { value, kvHeads, headDim }),
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
  readonly kvHeads: number | undefined;
  readonly headDim: number | undefined;
}

function cacheOf(family: string, layers: number, { value, kvHeads, headDim }: Sizes): CachedLayers[] | undefined {
  const state: CachedLayers = { kind: 'state', layers: 1, bytes: stateBytes(value) };
  const perLayer = value('attention.head_count_kv');
  const interval = most(value('full_attention_interval'));
  // a state space model has no heads at all
  if (kvHeads === undefined && state.bytes > 0) return grouped(Array.from({ length: layers }, () => state));
  if (kvHeads === undefined || headDim === undefined) return undefined;
  // the keys of latent attention are the compressed vector, whose first part is the values too
  const latent = value('attention.key_length_mla') !== undefined;
  const window = most(value('attention.sliding_window')) || undefined;
  const windowed = windowedLayers(family, layers, value('attention.sliding_window_pattern'));
  const shared = most(value('attention.shared_kv_layers')) ?? 0;
  const cache: CachedLayers[] = [];
  for (let at = 0; at < layers - shared; at++) {
    const heads = Array.isArray(perLayer) ? Number(perLayer[at] ?? 0) : kvHeads;
    const recurrent = interval !== undefined && (at + 1) % interval !== 0;
    if (heads === 0 || recurrent) {
      if (state.bytes > 0) cache.push(state);
    } else if (latent) cache.push({ kind: 'latent', layers: 1, width: headDim });
    else {
      const local = window !== undefined && windowed(at);
      const keyDim = (local ? most(value('attention.key_length_swa')) : undefined) ?? headDim;
      const valueDim =
        (local ? most(value('attention.value_length_swa')) : undefined) ??
        most(value('attention.value_length')) ??
        keyDim;
      cache.push({ kind: 'attention', layers: 1, kvHeads: heads, keyDim, valueDim, ...(local ? { window } : {}) });
    }
  }
  return grouped(cache);
}

function windowedLayers(family: string, layers: number, named: GgufValue | undefined): (at: number) => boolean {
  if (Array.isArray(named)) return at => Number(named[at % named.length] ?? 0) === 1;
  const every = most(named) ?? patterns[family];
  if (every !== undefined) return at => (at + 1) % every !== 0;
  return () => family === 'phi3';
}

/** llama.cpp holds the state of a recurrence and of its convolution in 32 bits. */
function stateBytes(value: (key: string) => GgufValue | undefined): number {
  const size = (key: string): number => most(value(`ssm.${key}`)) ?? 0;
  const inner = size('inner_size');
  const channels = inner + 2 * size('group_count') * size('state_size');
  return 4 * (inner * size('state_size') + Math.max(0, size('conv_kernel') - 1) * channels);
}

function most(value: GgufValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return Array.isArray(value) && value.length > 0 ? Math.max(...value) : undefined;
}
