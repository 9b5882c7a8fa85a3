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
  torchao: 7.5,
  fp_quant: 10,
  w4afp8: 9,
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
  const latent = cache?.some(one => one.kind === 'latent' || one.kind === 'compressed') ?? false;
  return engine === 'vllm' && !latent && !isBefore(version, '0.12') ? 8 : 8.9;
}

// `supports_compute_capability` of the sparse backends in vllm/v1/attention/backends/mla (0.33); sglang/srt/layers/attention/dsa_backend.py (0.5.23)
const leastOfSparse = 9;

/** Whether an index finds the tokens that a model looks at, by kernels of their own. */
function isSparse(engine: EngineMemory, { cache }: SizedModel): boolean {
  const indexed = cache?.some(
    one => one.kind === 'compressed' || (one.kind === 'latent' && one.indexBytes !== undefined),
  );
  return (engine.engine === 'vllm' || engine.engine === 'sglang') && indexed === true;
}

/** Of Transformers' methods those that vLLM has not had since 0.12, nor SGLang since 0.5.10 (`QUANTIZATION_METHODS` of sglang/srt/layers/quantization). */
const unknownToBoth = ['mlx', 'aqlm', 'vptq', 'quanto', 'eetq', 'higgs', 'spqr', 'bitnet'];

/** Methods that vLLM has no more, and the version from which on (`QuantizationMethods` of vllm/model_executor/layers/quantization/__init__.py). */
const untilOfVllm: Readonly<Record<string, string>> = { bitsandbytes: '0.28', hqq: '0.15' };

/** Why an engine does not load weights of a method, or quantise so itself. */
export function methodFault(
  method: string,
  { engine, version }: Pick<EngineMemory, 'engine' | 'version'>,
): Reason | undefined {
  const until = engine === 'vllm' ? untilOfVllm[method] : undefined;
  const gone = until !== undefined && version !== undefined && !isBefore(version, until);
  if (!gone && !unknownTo[engine]?.includes(method)) return undefined;
  return reasonOf('compute.notLoaded', { engine: gone ? `${engine} ${version}` : engine, method });
}

/** Quantisations that an engine does not load, where its documentation lists those that it does. */
const unknownTo: Readonly<Partial<Record<EngineMemory['engine'], readonly string[]>>> = {
  vllm: unknownToBoth,
  sglang: [...unknownToBoth, 'hqq'],
  tgi: ['mxfp4', 'modelopt', 'modelopt_fp4', 'modelopt_mixed', 'mlx'],
  fastchat: ['mxfp4', 'modelopt', 'modelopt_fp4', 'modelopt_mixed', 'fp8', 'compressed-tensors', 'mlx'],
  transformers: ['modelopt', 'modelopt_fp4', 'modelopt_mixed', 'mlx'],
};

/** Why a GPU cannot compute the types of a model with this engine, and what does; undefined when it can. */
export function computeReason(model: SizedModel, engine: EngineMemory, gpu: GpuClass): Reason | undefined {
  if (engine.fault) return engine.fault;
  const method = model.quantization?.method;
  const fault = method === undefined ? undefined : methodFault(method, engine);
  if (fault) return fault;
  // other vendors' classes that Fairway knows compute all of these types
  if (gpu.computeCapability === undefined || model.format === 'gguf') return undefined;
  const type = engine.computeType ?? model.computeType ?? (model.dtype === 'BF16' ? 'bfloat16' : undefined);
  if (type === 'bfloat16' && gpu.computeCapability < leastOfBfloat16)
    return reasonOf('compute.bfloat16', capability(gpu, leastOfBfloat16));
  const least = method === undefined ? undefined : leastOf(method, engine);
  if (method !== undefined && least !== undefined && gpu.computeCapability < least)
    return reasonOf('compute.quantised', { method, ...capability(gpu, least) });
  if (isSparse(engine, model) && gpu.computeCapability < leastOfSparse)
    return reasonOf('compute.sparse', { engine: engine.engine, ...capability(gpu, leastOfSparse) });
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
