import { engineMemory } from './memory-of.ts';
import type { EngineMemory, SizedModel } from './memory.ts';
import { gib } from '@fairway/service/gibibyte';
import { gpuClasses, type GpuClass } from '@fairway/service/gpu-classes';
import { computeProblem } from './gpu-compute.ts';
import { bytesPerSequence, bytesPerToken, describeLayers } from '@fairway/service/model/cached-layers';

export { engineMemory };
export type { EngineMemory, SizedModel };

/** All in bytes, of one GPU of the pod: the one with the most. */
export interface MemoryEstimate {
  readonly contextLength: number;
  readonly sequences: number;
  /** GPUs of a pod. */
  readonly gpus: number;
  readonly weights: number;
  /** What one token takes in layers that hold all tokens. */
  readonly kvCachePerToken: number;
  readonly kvCache: number;
  readonly overhead: number;
  readonly total: number;
  /** The sum in words. */
  readonly sum: string;
}

export interface GpuFit {
  readonly fits: boolean;
  /** Bytes of one GPU that may be used: its memory less the headroom. */
  readonly usable: number;
  /** The comparison as a sentence with its numbers and, when it does not fit, what would. */
  readonly sentence: string;
}

/**
 * Weights + KV cache + overhead of one GPU: what the engine needs when every sequence uses its whole context.
 * Undefined when the model does not tell its shape.
 * @param gpus GPUs of a pod
 */
export function estimateGpuMemory(
  model: SizedModel,
  engine: EngineMemory,
  gpus: number,
  gpu?: GpuClass,
): MemoryEstimate | undefined {
  if (!model.cache) return undefined;
  const { contextLength, sequences, storage } = engine;
  const { headSplit, layerSplit } = storage;
  const expertSplit = engine.experts?.split ?? headSplit;
  const split = Math.max(headSplit, expertSplit) * layerSplit;
  const experts = Math.min(model.expertBytes ?? 0, model.bytes);
  const held = ((model.bytes - experts) / headSplit + experts / expertSplit) / layerSplit;
  const weights = held * engine.loadedWeights(model);
  const kvCachePerToken = bytesPerToken(model.cache, storage);
  const kvCache = sequences * bytesPerSequence(model.cache, contextLength, storage);
  const overhead = engine.overhead(model, gpu);
  const total = weights + kvCache + overhead;
  const type = ['auto', 'f16'].includes(engine.cacheType) ? '' : ` in ${engine.cacheType}`;
  const shared = headSplit * layerSplit > 1 ? ', divided among the GPUs' : '';
  const sum =
    `weights ${gib(weights)} + KV cache ${gib(kvCache)} (${describeLayers(model.cache)}${type}${shared} · ` +
    `${contextLength} tokens · ${sequences} ${sequences === 1 ? 'sequence' : 'sequences'}) + overhead ${gib(overhead)} = ${gib(total)}`;
  return {
    contextLength,
    sequences,
    gpus,
    weights,
    kvCachePerToken,
    kvCache,
    overhead,
    total,
    sum: split > 1 ? `on each GPU ${sum}` : sum,
  };
}

/** @param headroom percent of the memory that stays free; default: what the engine leaves */
export function fitsGpu(
  model: SizedModel,
  engine: EngineMemory,
  {
    gpus,
    gpu,
    headroom = engine.headroom,
  }: { readonly gpus: number; readonly gpu: GpuClass; readonly headroom?: number },
): (GpuFit & { readonly estimate: MemoryEstimate }) | undefined {
  const estimate = estimateGpuMemory(model, engine, gpus, gpu);
  if (!estimate) return undefined;
  // an engine never takes more than its own share, whatever else may be free
  const free = Math.max(headroom, engine.headroom);
  const usable = usableMemory(gpu, free);
  const offered = `${gpus === 1 ? '1 × ' : 'each of '}${gpus === 1 ? '' : `${gpus} × `}${gpu.name} offers ${gib(gpu.memoryBytes)}, less ${free} % headroom ${gib(usable)}`;
  const more = engine.uncounted?.length ? ` Not counted: ${engine.uncounted.join(', ')}.` : '';
  if (estimate.total <= usable)
    return { fits: true, usable, estimate, sentence: `It fits: ${estimate.sum}; ${offered}.${more}` };
  const larger = [...gpuClasses.values()]
    .toSorted((one, other) => one.memoryBytes - other.memoryBytes)
    .find(one => {
      const need = estimateGpuMemory(model, engine, gpus, one);
      return need && need.total <= usableMemory(one, free) && !computeProblem(model, engine, one);
    });
  const advice = larger
    ? `${gpus} × ${larger.name} would hold it`
    : 'no class holds it with as many GPUs: ask for more of them';
  return {
    fits: false,
    usable,
    estimate,
    sentence: `It does not fit: ${estimate.sum}; ${offered}, so ${gib(estimate.total - usable)} are missing. Lower serving.contextLength or serving.sequences, or change resources.gpu (${advice}).${more}`,
  };
}

function usableMemory(gpu: GpuClass, headroom: number): number {
  return gpu.memoryBytes * (1 - headroom / 100);
}
