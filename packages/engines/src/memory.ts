import type { EngineName } from '@fairway/service/engine-names';
import type { GpuClass } from '@fairway/service/gpu-classes';
import type { CacheDivision, CacheFormat } from '@fairway/service/model/cached-layers';
import type { RopeScaling } from '@fairway/service/model/context-length';
import type { ModelFacts } from '@fairway/service/model/facts';
import type { Reason } from '@fairway/service/reasons/delivery-reason';

/** What of a model decides the memory; what portals know when they only ask "would it fit". */
export type SizedModel = Pick<
  ModelFacts,
  'bytes' | 'cache' | 'heads' | 'kvHeads' | 'hiddenSize' | 'intermediateSize' | 'expertSize' | 'vocabulary' | 'family'
> &
  Partial<Pick<ModelFacts, 'dtype' | 'quantization' | 'computeType' | 'format' | 'expertBytes' | 'blocks'>>;

/** A format of the cache with the name of its type in the engine's words. */
export type NamedFormat = CacheFormat & { readonly type: string };

/** How an engine with its arguments uses the memory of its GPUs. All bytes are of one GPU of the set. */
export interface EngineMemory {
  readonly engine: EngineName;
  /** Undefined where nobody knows it. */
  readonly version?: string;
  /** Why it does not start with its arguments. */
  readonly fault?: Reason;
  /** Tokens of one sequence and sequences at a time, as the arguments say in the end. */
  readonly contextLength: number;
  readonly sequences: number;
  /** GPUs that one copy of the model needs; more than the pod has cannot start. */
  readonly gpus: number;
  readonly division: CacheDivision;
  /**
   * GPUs of a pipeline stage among which the experts are divided, and parts into which one expert is cut; default for both: as the heads.
   */
  readonly experts?: { readonly split: number; readonly cut: number };
  /** Weights that leave each GPU for the memory of the host, in bytes. */
  readonly offloadedBytes?: number;
  /** What arguments bring that the estimate does not know, such as `LoRA adapters (--enable-lora)`. */
  readonly uncounted?: readonly string[];
  /** The type of the cache that the arguments ask for, in the engine's words. */
  readonly cacheType: string;
  /** Element type of the computation, as an argument forces it. */
  readonly computeType?: string;
  /** Positions and their stretching that the arguments ask for. */
  readonly positions?: number;
  readonly rope?: RopeScaling;
  /** Whether it counts a stretching into the length of a model; each one where it does not say. */
  stretches?(rope: RopeScaling): boolean;
  /** Percent of the memory that the engine leaves free. */
  readonly headroom: number;
  /** How the cache of a model is written: as the arguments say, or what the checkpoint has scales for. */
  cacheFormat(model: SizedModel, gpu: GpuClass | undefined): NamedFormat;
  /** Bytes of weights on the GPU that has the most, of an engine that divides them as no sum of the other fields would. */
  heldBytes?(model: SizedModel): number;
  /** Weights in memory for each byte in the file. */
  loadedWeights(model: SizedModel): number;
  /** Tokens of the steps that run at a time, for which layers with a window have room beyond it; none where nobody knows. */
  inFlightTokens?(gpu: GpuClass | undefined): number;
  /** Everything besides weights and cache: context, graphs, activations, communication. */
  overhead(model: SizedModel, gpu: GpuClass | undefined): number;
}

/** 16-bit computation holds half of what a 32-bit checkpoint has. */
export function halvedFloats(model: SizedModel, computeType: string | undefined): number {
  return model.dtype === 'F32' && computeType !== 'float32' && model.format !== 'gguf' ? 0.5 : 1;
}
