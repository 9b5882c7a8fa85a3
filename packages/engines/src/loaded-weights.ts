import { halvedFloats, type SizedModel } from './memory.ts';

/**
 * Weights in memory for each byte in the file, of an engine that may quantise on loading what was saved in 16 bits, but for the embeddings.
 * @param method of quantisation, as the argument names it
 */
export function loadedWeights(model: SizedModel, computeType: string | undefined, method: string | undefined): number {
  const onLoading = model.quantization ? 1 : ({ fp8: 0.5, bitsandbytes: 0.25 }[method ?? ''] ?? 1);
  const embeddings = Math.min(1, (4 * (model.vocabulary ?? 0) * (model.hiddenSize ?? 0)) / model.bytes);
  return halvedFloats(model, computeType) * (embeddings + (1 - embeddings) * onLoading);
}
