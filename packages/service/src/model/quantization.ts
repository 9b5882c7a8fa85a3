import { isConfig, type Config } from './config-values.ts';

/** How the weights of a checkpoint are quantised, from `quantization_config`. */
export interface Quantization {
  /** As engines name it: fp8, mxfp4, awq, gptq, bitsandbytes, compressed-tensors, modelopt …; mlx for Apple's; unknown where the file does not say it. */
  readonly method: string;
  /** Rows and columns that share a scale, where it is by blocks. */
  readonly block?: readonly number[];
  /** The type of keys and values that the scales in the checkpoint are for. */
  readonly cacheType?: 'fp8' | 'nvfp4';
}

/** Looks into the whole file and into its language model: what Hugging Face's files name, what ModelOpt's and Mistral's do. */
export function quantizationOf(outer: Config, inner: Config): Quantization | undefined {
  const found = [outer, inner]
    .flatMap(one => [one.quantization_config, one.compression_config, one.quantization])
    .find(value => isConfig(value));
  if (!isConfig(found)) return undefined;
  const nested = isConfig(found.quantization) ? found.quantization : {};
  const block = found.weight_block_size;
  const cacheType = cacheTypeOf({ ...nested, ...found });
  return {
    method: methodOf({ ...nested, ...found }),
    ...(Array.isArray(block) && block.every(size => typeof size === 'number') ? { block } : {}),
    ...(cacheType === undefined ? {} : { cacheType }),
  };
}

function methodOf(config: Config): string {
  const { quant_method: method, quant_algo: algorithm, qformat_weight: format } = config;
  // one tool, types that ask for different GPUs
  if (/fp4/i.test(String(algorithm))) return 'modelopt_fp4';
  if (/mixed/i.test(String(algorithm))) return 'modelopt_mixed';
  if (/fp8/i.test(String(algorithm))) return 'modelopt';
  const named = method ?? algorithm ?? (/^fp8/.test(String(format)) ? 'fp8' : undefined);
  if (typeof named === 'string' && named !== '')
    return named.toLowerCase().replace('compressed_tensors', 'compressed-tensors');
  // MLX writes these two and names no method; GPTQ, which once named none, says more
  const apple =
    typeof config.group_size === 'number' && typeof config.bits === 'number' && config.desc_act === undefined;
  return apple ? 'mlx' : 'unknown';
}

/** From `kv_cache_quant_algo` (ModelOpt), or the `kv_cache_scheme` that llm-compressor writes too. */
function cacheTypeOf({ kv_cache_quant_algo: named, kv_cache_scheme: scheme }: Config): Quantization['cacheType'] {
  const bits = isConfig(scheme) && scheme.type === 'float' ? scheme.num_bits : undefined;
  if (bits === 8 || /^fp8$/i.test(String(named))) return 'fp8';
  if (bits === 4 || /^nvfp4$/i.test(String(named))) return 'nvfp4';
  return undefined;
}
