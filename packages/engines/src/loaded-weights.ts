import { halvedFloats, type SizedModel } from './memory.ts';

// Bytes in memory for each byte of 16 bits, of what is quantised when it is loaded: `--quantization` of vLLM (the shorthands of
// vllm/config/quantization.py) and of SGLang, `--quantize` of TGI, `--quantization` of `transformers serve`. Scales are less than a part in thirty.
const onLoading: Readonly<Record<string, number>> = {
  fp8: 0.5,
  ptpc_fp8: 0.5,
  fp8_per_tensor: 0.5,
  fp8_per_block: 0.5,
  fp8_per_channel: 0.5,
  int8_per_channel_weight_only: 0.5,
  mxfp8: 33 / 64,
  eetq: 0.5,
  bitsandbytes: 0.25,
  'bnb-4bit': 0.25,
  'bnb-8bit': 0.5,
  'bitsandbytes-nf4': 0.25,
  'bitsandbytes-fp4': 0.25,
};

/** Methods of which only the experts are quantised, or of which the argument does not say what becomes of the weights. */
const notCounted = new Set([
  'experts_int8',
  'nvfp4_per_token',
  'online',
  'torchao',
  'w8a8_int8',
  'w8a8_fp8',
  'humming',
  'mxfp4',
]);

export function isUncountedMethod(method: string | undefined): boolean {
  return method !== undefined && notCounted.has(method);
}

/**
 * Weights in memory for each byte in the file, of an engine that may quantise on loading what was saved in 16 bits, but for the embeddings.
 * @param method of quantisation, as the argument names it
 */
export function loadedWeights(model: SizedModel, computeType: string | undefined, method: string | undefined): number {
  const part = model.quantization ? 1 : (onLoading[method ?? ''] ?? 1);
  const embeddings = Math.min(1, (4 * (model.vocabulary ?? 0) * (model.hiddenSize ?? 0)) / model.bytes);
  return halvedFloats(model, computeType) * (embeddings + (1 - embeddings) * part);
}
