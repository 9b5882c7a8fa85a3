import type { SizedModel } from '../memory.ts';

/** Where llama.cpp puts the layers of a model. */
export interface Placement {
  /** Part of each GPU, which are 1 together. */
  readonly shares: readonly number[];
  /** Rows of each matrix are divided, and the cache stays on the first GPU. */
  readonly byRow: boolean;
  /** Each layer is on one GPU. */
  readonly wholeLayers: boolean;
  /** --n-gpu-layers: the last ones, of which the output is one. */
  readonly layers: number;
  /** First layers whose experts stay with the host. */
  readonly hostExperts: number;
}

export function layersOf({ blocks, cache }: SizedModel): number {
  return blocks?.length ?? cache?.reduce((sum, one) => sum + one.layers, 0) ?? 0;
}

/** Layers on GPUs, without the output. */
export function onGpu({ layers }: Placement, of: number): number {
  return Math.max(0, Math.min(of, layers - 1));
}

/**
 * Bytes on the GPU that has the most: `load_tensors` of src/llama-model.cpp. What is in no layer, the embeddings and the output, counts as output.
 */
export function heldBytes(model: SizedModel, placement: Placement): number {
  const { shares, wholeLayers, hostExperts } = placement;
  const count = layersOf(model);
  // of other files than GGUF, and where only a size is known, all layers count as alike
  const even = { bytes: model.bytes / Math.max(1, count), expertBytes: (model.expertBytes ?? 0) / Math.max(1, count) };
  const blocks = model.blocks ?? Array.from({ length: count }, () => even);
  const output = Math.max(0, model.bytes - blocks.reduce((sum, { bytes }) => sum + bytes, 0));
  if (placement.layers <= 0) return 0;
  const first = count - onGpu(placement, count);
  const held = [
    ...blocks.slice(first).map(({ bytes, expertBytes }, at) => bytes - (first + at < hostExperts ? expertBytes : 0)),
    output,
  ];
  const whole = held.reduce((sum, bytes) => sum + bytes, 0);
  if (!wholeLayers) return whole * Math.max(...shares);
  const sums = shares.map(() => 0);
  for (const [at, bytes] of held.entries()) {
    const gpu = gpuOf(at / held.length, shares);
    sums[gpu] = (sums[gpu] ?? 0) + bytes;
  }
  return Math.max(...sums);
}

/** The first GPU up to which the shares are more than a part of the layers. */
function gpuOf(part: number, shares: readonly number[]): number {
  let sum = 0;
  for (const [gpu, share] of shares.entries()) {
    sum += share;
    // sums of fractions are not exact
    if (part < sum - 1e-9) return gpu;
  }
  return shares.length - 1;
}
