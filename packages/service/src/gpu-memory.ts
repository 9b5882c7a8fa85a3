import { gpuClasses, type GpuClass } from './gpu-classes.ts';
import type { ModelFacts } from './model/facts.ts';

const gibibyte = 1024 ** 3;

/** What a GPU holds besides weights and KV cache: 1 GiB a device for the CUDA context, graphs and activations, and 2 % of the weights for alignment and buffers. */
export const overheadPerGpu = gibibyte;
export const overheadShareOfWeights = 0.02;

/** Percent of the memory that stays free unless the user says otherwise; vLLM's own default. */
export const defaultHeadroom = 10;

export interface MemoryNeed {
  readonly contextLength: number;
  readonly sequences: number;
  readonly gpus: number;
}

/** All in bytes, over all GPUs of a pod. */
export interface MemoryEstimate extends MemoryNeed {
  readonly weights: number;
  readonly kvCache: number;
  readonly overhead: number;
  readonly total: number;
  /** The sum in words. */
  readonly sum: string;
}

export interface GpuFit {
  readonly fits: boolean;
  /** Bytes that may be used: memory × GPUs less the headroom. */
  readonly usable: number;
  /** The comparison as a sentence with its numbers and, when it does not fit, what would. */
  readonly sentence: string;
}

// keys and values are 16-bit unless an engine is told otherwise
const bytesPerValue = 2;

/**
 * Weights + KV cache + overhead. The KV cache is 2 (keys and values) · layers · KV heads · head dimension · bytes · context ·
 * sequences: what the engine needs when every sequence uses its whole context. Models with a sliding window or latent
 * attention need less. Answers undefined when the model does not tell its shape.
 */
export function estimateGpuMemory(
  model: Pick<ModelFacts, 'bytes' | 'layers' | 'kvHeads' | 'headDim'>,
  need: MemoryNeed,
): MemoryEstimate | undefined {
  const { layers, kvHeads, headDim, bytes: weights } = model;
  if (layers === undefined || kvHeads === undefined || headDim === undefined) return undefined;
  const kvCache = 2 * layers * kvHeads * headDim * bytesPerValue * need.contextLength * need.sequences;
  const overhead = overheadPerGpu * need.gpus + overheadShareOfWeights * weights;
  const total = weights + kvCache + overhead;
  const sum =
    `weights ${gib(weights)} + KV cache ${gib(kvCache)} (2 · ${layers} layers · ${kvHeads} KV heads · ${headDim} · ${bytesPerValue} bytes · ` +
    `${need.contextLength} tokens · ${need.sequences} sequences) + overhead ${gib(overhead)} = ${gib(total)}`;
  return { ...need, weights, kvCache, overhead, total, sum };
}

/** @param headroom percent of the memory that stays free */
export function fitsGpu(estimate: MemoryEstimate, gpu: GpuClass, headroom = defaultHeadroom): GpuFit {
  const usable = usableMemory(gpu, estimate.gpus, headroom);
  const offered = `${estimate.gpus} × ${gpu.name} offers ${gib(gpu.memoryBytes * estimate.gpus)}, less ${headroom} % headroom ${gib(usable)}`;
  if (estimate.total <= usable) return { fits: true, usable, sentence: `It fits: ${estimate.sum}; ${offered}.` };
  const larger = [...gpuClasses.values()]
    .toSorted((one, other) => one.memoryBytes - other.memoryBytes)
    .find(one => estimate.total <= usableMemory(one, estimate.gpus, headroom));
  const advice = larger
    ? `${estimate.gpus} × ${larger.name} would hold it`
    : 'no class holds it with as many GPUs: ask for more of them';
  return {
    fits: false,
    usable,
    sentence: `It does not fit: ${estimate.sum}; ${offered}, so ${gib(estimate.total - usable)} are missing. Lower serving.contextLength or serving.sequences, or change resources.gpu (${advice}).`,
  };
}

function usableMemory(gpu: GpuClass, count: number, headroom: number): number {
  return gpu.memoryBytes * count * (1 - headroom / 100);
}

function gib(bytes: number): string {
  return bytes < gibibyte / 10 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / gibibyte).toFixed(1)} GiB`;
}
