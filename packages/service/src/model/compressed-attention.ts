import { grouped, type CachedLayers } from './cached-layers.ts';
import type { ConfigValues } from './config-values.ts';

const float32 = 4;
// a key of 128 values in 8 bits and its scale in 32
const indexScaleBytes = 4;

/**
 * DeepSeek V4: each layer holds a window, some of them one vector for 4 or for 128 tokens too, and those of 4 an index of them. As vLLM 0.33
 * counts it (vllm/models/deepseek_v4: attention.py, compressor.py).
 * @returns undefined for a model of another kind; without a cache for one that compresses in a way that Fairway does not know
 */
export function compressedAttention(
  config: ConfigValues,
  layers: number,
): { readonly headDim?: number; readonly cache?: readonly CachedLayers[] } | undefined {
  const ratios = ratiosOf(config, layers);
  if (!ratios) return undefined;
  const sizes = [config.number('head_dim'), config.number('sliding_window'), config.number('index_head_dim')] as const;
  const sources = config.list('kv_source_layer_ids');
  if (sources) {
    const cache = sharedVectors(ratios, layers, sizes, sources);
    return cache ? { headDim: sizes[0], cache } : {};
  }
  const cache = compressedLayers(ratios, layers, sizes, index => index + indexScaleBytes);
  return cache ? { headDim: sizes[0], cache } : {};
}

/**
 * @param ratios by layer: tokens of a vector, 0 for a window alone
 * @param sizes values of a vector, tokens of the window, values of a vector of the index
 * @param indexBytes how an engine writes the last of them
 */
export function compressedLayers(
  ratios: readonly unknown[],
  layers: number,
  [width, window, index]: readonly [width?: number, window?: number, index?: number],
  indexBytes: (values: number) => number,
): CachedLayers[] | undefined {
  const known = ratios.filter(ratio => ratio === 0 || ratio === 4 || ratio === 128);
  if (known.length < Math.max(layers, ratios.length) || !width || !window || !index) return undefined;
  const cache = known.slice(0, layers).map((tokensPerVector): CachedLayers => {
    const indexed = tokensPerVector === 4;
    return {
      kind: 'compressed',
      layers: 1,
      width,
      tokensPerVector,
      window,
      ...stateOf(tokensPerVector, width + (indexed ? index : 0)),
      ...(indexed ? { indexBytes: indexBytes(index) } : {}),
    };
  });
  return grouped(cache);
}

/**
 * DeepSeek V4.1: each layer holds a window, and some of them a vector for each token or for two and the index of it, which those after them use too. Not
 * counted is what these still gather, 32 KiB in each. vllm/models/deepseek_v41/attention.py
 */
function sharedVectors(
  ratios: readonly unknown[],
  layers: number,
  [width, window, index]: readonly [width?: number, window?: number, index?: number],
  sources: readonly unknown[],
): CachedLayers[] | undefined {
  const known = ratios.slice(0, layers).filter(ratio => ratio === 0 || ratio === 1 || ratio === 2);
  if (known.length < layers || !width || !window || !index) return undefined;
  const cache = known.map((ratio, at): CachedLayers => {
    const tokensPerVector = sources.includes(at) ? ratio : 0;
    const indexed = tokensPerVector > 0 ? { indexBytes: index + indexScaleBytes } : {};
    return { kind: 'compressed', layers: 1, width, tokensPerVector, window, stateTokens: 0, stateBytes: 0, ...indexed };
  });
  return grouped(cache);
}

/** By layer, those that guess tokens ahead at the end; undefined in a model without them. */
function ratiosOf(config: ConfigValues, layers: number): readonly unknown[] | undefined {
  const named = config.list('compress_ratios');
  if (named) return named;
  const types = config.list('layer_types');
  // as DeepseekV4Config of Transformers has it
  if (!types && config.text('model_type') === 'deepseek_v4')
    return Array.from({ length: layers }, (_, at) => (at > 1 && at % 2 === 1 ? 4 : 128));
  if (!types?.some(type => /^(heavily_)?compressed_/.test(String(type)))) return undefined;
  const rates = config.inner('compress_rates');
  return types.map(type => (type === 'sliding_attention' ? 0 : (rates?.number(String(type)) ?? rateOf[String(type)])));
}

// `default_compress_rates` there
const rateOf: Readonly<Record<string, number>> = { compressed_sparse_attention: 4, heavily_compressed_attention: 128 };

/** A vector and its weight of each token that a compression looks at; with 4 each overlaps the one before, whose tokens are there too, twice. */
function stateOf(tokens: number, width: number): { readonly stateTokens: number; readonly stateBytes: number } {
  const overlap = tokens === 4 ? 2 : 1;
  return { stateTokens: overlap * tokens, stateBytes: tokens === 0 ? 0 : 2 * overlap * width * float32 };
}
