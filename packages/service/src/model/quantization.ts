import { isConfig, type Config } from './config-values.ts';

/** How the weights of a checkpoint are quantised, from `quantization_config`. */
export interface Quantization {
  /** As engines name it: fp8, mxfp4, awq, gptq, bitsandbytes, compressed-tensors, modelopt … */
  readonly method: string;
  /** Rows and columns that share a scale, where it is by blocks. */
  readonly block?: readonly number[];
}

/** Looks into the whole file and into its language model. */
export function quantizationOf(outer: Config, inner: Config): Quantization | undefined {
  const found = [outer, inner]
    .flatMap(one => [one.quantization_config, one.compression_config])
    .find(value => isConfig(value));
  if (!isConfig(found)) return undefined;
  const named = String(found.quant_method ?? found.quant_algo ?? 'unknown')
    .toLowerCase()
    .replace('compressed_tensors', 'compressed-tensors');
  // one tool, two types that ask for different GPUs
  const method = /fp4/i.test(String(found.quant_algo)) ? 'modelopt_fp4' : named;
  const block = found.weight_block_size;
  return {
    method,
    ...(Array.isArray(block) && block.every(size => typeof size === 'number') ? { block } : {}),
  };
}
