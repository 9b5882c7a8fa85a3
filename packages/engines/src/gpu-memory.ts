import { english, reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import { engineMemory } from './memory-of.ts';
import type { EngineMemory, NamedFormat, SizedModel } from './memory.ts';
import { gib } from '@fairway/service/gibibyte';
import { gpuClasses, type GpuClass } from '@fairway/service/gpu-classes';
import { computeReason } from './gpu-compute.ts';
import {
  bytesInFlight,
  bytesPerSequence,
  bytesPerToken,
  layersPart,
  type CachedLayers,
  type CacheStorage,
} from '@fairway/service/model/cached-layers';

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
  /** The same for readers of other languages. */
  readonly codedSum: Reason;
}

export interface GpuFit {
  readonly fits: boolean;
  /** Bytes of one GPU that may be used: its memory less the headroom. */
  readonly usable: number;
  /** The comparison as a sentence with its numbers and, when it does not fit, what would. */
  readonly sentence: string;
  /** The same for readers of other languages. */
  readonly coded: Reason;
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
  const { contextLength, sequences } = engine;
  const format = engine.cacheFormat(model, gpu);
  const storage = { ...engine.division, ...format };
  const { headSplit, layerSplit } = storage;
  const expertSplit = engine.experts?.split ?? headSplit;
  const split = Math.max(headSplit, expertSplit) * layerSplit;
  const experts = Math.min(model.expertBytes ?? 0, model.bytes);
  const held = ((model.bytes - experts) / headSplit + experts / expertSplit) / layerSplit;
  const weights =
    engine.heldBytes?.(model) ?? Math.max(0, held * engine.loadedWeights(model) - (engine.offloadedBytes ?? 0));
  const kvCachePerToken = bytesPerToken(model.cache, storage);
  const kvCache = sequences * bytesPerSequence(model.cache, contextLength, storage);
  const inFlight = bytesInFlight(model.cache, engine.inFlightTokens?.(gpu) ?? 0, contextLength, storage);
  const overhead = engine.overhead(model, gpu) + inFlight;
  const total = weights + kvCache + overhead;
  const whole = reasonOf('sum.whole', {
    weights: gib(weights),
    kvCache: gib(kvCache),
    layers: cachePart(model.cache, storage),
    contextLength,
    sequences: sequences === 1 ? reasonOf('sequences.one') : reasonOf('sequences.many', { number: sequences }),
    overhead: gib(overhead),
    total: gib(total),
  });
  const sum = split > 1 ? reasonOf('sum.ofEach', { sum: whole }) : whole;
  const figures = { contextLength, sequences, gpus, weights, kvCachePerToken, kvCache, overhead, total };
  return { ...figures, sum: english(sum), codedSum: sum };
}

/** The layers of a cache, the type of its values where it is not the usual one, and whether they are divided. */
function cachePart(cache: readonly CachedLayers[], storage: CacheStorage & NamedFormat): Reason | string {
  const layers = layersPart(cache);
  const { type } = storage;
  const typed = ['auto', 'f16'].includes(type) ? layers : reasonOf('sum.typed', { layers, type });
  return storage.headSplit * storage.layerSplit * (storage.tokenSplit ?? 1) > 1
    ? reasonOf('sum.divided', { layers: typed })
    : typed;
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
  const { codedSum: sum } = estimate;
  // an engine never takes more than its own share, whatever else may be free
  const free = Math.max(headroom, engine.headroom);
  const usable = usableMemory(gpu, free);
  const fits = estimate.total <= usable;
  const offer = { gpu: gpu.name, memory: gib(gpu.memoryBytes), headroom: free, usable: gib(usable) };
  const offered =
    gpus === 1 ? reasonOf('fits.offeredByOne', offer) : reasonOf('fits.offeredByEach', { gpus, ...offer });
  const sentence = fits
    ? reasonOf('fits.yes', { sum, offered })
    : reasonOf('fits.no', { sum, offered, missing: gib(estimate.total - usable), advice: advice() });
  const coded = engine.uncounted?.length
    ? reasonOf('fits.uncounted', { sentence, uncounted: engine.uncounted.join(', ') })
    : sentence;
  return { fits, usable, estimate, sentence: english(coded), coded };

  function advice(): Reason {
    const larger = [...gpuClasses.values()]
      .toSorted((one, other) => one.memoryBytes - other.memoryBytes)
      .find(one => {
        const need = estimateGpuMemory(model, engine, gpus, one);
        return need && need.total <= usableMemory(one, free) && !computeReason(model, engine, one);
      });
    return larger ? reasonOf('fits.onLarger', { gpus, gpu: larger.name }) : reasonOf('fits.onNone');
  }
}

function usableMemory(gpu: GpuClass, headroom: number): number {
  return gpu.memoryBytes * (1 - headroom / 100);
}
