import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { EngineMemory, SizedModel } from './memory.ts';
import { isBefore } from './version-order.ts';
import { gpuClasses, type GpuClass } from '@fairway/service/gpu-classes';

// Least compute capability by quantisation, as `get_min_capability` has it (vllm/model_executor/layers/quantization of 0.12 to 0.33,
// sglang/srt/layers/quantization of 0.5.6 to 0.5.23). Weights in FP8 and FP4 are computed in 16 bits on GPUs without those types. Of a
// version that is not known, the newest counts.
const leastOfMethod: Readonly<Record<string, number>> = {
  fp8: 8,
  fbgemm_fp8: 8,
  modelopt: 8.9,
  modelopt_fp4: 8,
  modelopt_mixed: 8,
  mxfp4: 8,
  awq: 7.5,
  gptq: 7,
  bitsandbytes: 7,
};
const newest = '999';

function leastOf(method: string, { engine, version = newest }: EngineMemory): number | undefined {
  const before = (other: string) => isBefore(version, other);
  const own: Readonly<Partial<Record<EngineMemory['engine'], Readonly<Record<string, number>>>>> = {
    vllm: {
      fp8: before('0.16') ? 8 : 7.5,
      modelopt: before('0.27') ? 8.9 : 8,
      modelopt_fp4: before('0.14') ? 8 : 7.5,
      modelopt_mixed: before('0.24') ? 8.9 : 7.5,
    },
    sglang: {
      modelopt_fp4: before('0.5.11') ? 10 : 8,
      modelopt_mixed: before('0.5.11') ? 10 : 8,
    },
  };
  return own[engine]?.[method] ?? leastOfMethod[method];
}

const leastOfBfloat16 = 8;

/**
 * Kernels of Triton read FP8 from 8.9 on. vLLM takes FlashInfer's on older GPUs since 0.12, which convert (vllm-project/vllm#24577 has an
 * A100), but for latent attention.
 */
function leastOfFp8Cache({ engine, version = newest }: EngineMemory, { cache }: SizedModel): number {
  const latent = cache?.some(one => one.kind === 'latent') ?? false;
  return engine === 'vllm' && !latent && !isBefore(version, '0.12') ? 8 : 8.9;
}

/** Quantisations that an engine does not load, where its documentation lists those that it does. */
const unknownTo: Readonly<Partial<Record<EngineMemory['engine'], readonly string[]>>> = {
  vllm: ['mlx'],
  sglang: ['mlx'],
  tgi: ['mxfp4', 'modelopt', 'modelopt_fp4', 'modelopt_mixed', 'mlx'],
  fastchat: ['mxfp4', 'modelopt', 'modelopt_fp4', 'modelopt_mixed', 'fp8', 'compressed-tensors', 'mlx'],
  transformers: ['modelopt', 'modelopt_fp4', 'modelopt_mixed', 'mlx'],
};

/** Why a GPU cannot compute the types of a model with this engine, and what does; undefined when it can. */
export function computeReason(model: SizedModel, engine: EngineMemory, gpu: GpuClass): Reason | undefined {
  if (engine.fault) return engine.fault;
  const method = model.quantization?.method;
  if (method !== undefined && unknownTo[engine.engine]?.includes(method))
    return reasonOf('compute.notLoaded', { engine: engine.engine, method });
  // other vendors' classes that Fairway knows compute all of these types
  if (gpu.computeCapability === undefined || model.format === 'gguf') return undefined;
  const type = engine.computeType ?? model.computeType ?? (model.dtype === 'BF16' ? 'bfloat16' : undefined);
  if (type === 'bfloat16' && gpu.computeCapability < leastOfBfloat16)
    return reasonOf('compute.bfloat16', capability(gpu, leastOfBfloat16));
  const least = method === undefined ? undefined : leastOf(method, engine);
  if (method !== undefined && least !== undefined && gpu.computeCapability < least)
    return reasonOf('compute.quantised', { method, ...capability(gpu, least) });
  const leastOfCache = leastOfFp8Cache(engine, model);
  const { type: cacheType } = engine.cacheFormat(model, gpu);
  if (!/^fp8(_e4m3)?$/.test(cacheType) || gpu.computeCapability >= leastOfCache) return undefined;
  const needed = capability(gpu, leastOfCache);
  if (cacheType === engine.cacheType) return reasonOf('compute.fp8Cache', needed);
  const plain = gpu.computeCapability < leastOfBfloat16 ? 'float16' : 'bfloat16';
  return reasonOf('compute.fp8CacheOfModel', { ...needed, plain });
}

function capability(gpu: GpuClass, least: number) {
  const able = [...gpuClasses.values()].filter(one => (one.computeCapability ?? 0) >= least).map(one => one.name);
  const has = (gpu.computeCapability ?? 0).toFixed(1);
  return { least: least.toFixed(1), gpu: gpu.name, has, able: able.join(', ') };
}
