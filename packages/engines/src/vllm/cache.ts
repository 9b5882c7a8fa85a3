import { formatOf, type CacheFormat } from '@fairway/service/model/cached-layers';
import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { GpuClass } from '@fairway/service/gpu-classes';
import type { NamedFormat, SizedModel } from '../memory.ts';
import { isBefore } from '../version-order.ts';

/** Types of --kv-cache-dtype and the version that they came with: `CacheDType` of vllm/config/cache.py, 0.12 to 0.33. */
const since: Readonly<Record<string, string>> = {
  auto: '0.1',
  bfloat16: '0.11',
  fp8: '0.3',
  fp8_e4m3: '0.3',
  fp8_e5m2: '0.3',
  fp8_inc: '0.8',
  fp8_ds_mla: '0.11',
  float16: '0.18',
  turboquant_k8v4: '0.20',
  turboquant_4bit_nc: '0.20',
  turboquant_k3v4_nc: '0.20',
  turboquant_3bit_nc: '0.20',
  int8_per_token_head: '0.20',
  fp8_per_token_head: '0.20',
  nvfp4: '0.20',
  int4_per_token_head: '0.25',
  nvfp4_4over6: '0.28',
  nvfp4_ds_mla: '0.30',
  ultraquant_4bit: '0.32',
  octave_k3v4: '0.33',
  octave_k3v3: '0.33',
  octave_k3v3_compact: '0.33',
};
const newestKnown = '0.33';

// one vector of latent attention, without scales of its own
const latent = formatOf(1).latentBytes;

/** A key or a value with its scale of 32 bits, `customize_spec` of vllm/v1/attention/backends/triton_attn.py; of a latent vector two of them. */
function perTokenHead(values: (dimension: number) => number): CacheFormat {
  return {
    headBytes: (keyDim, valueDim) => values(keyDim) + values(valueDim) + 2 * 4,
    latentBytes: width => values(width) + 2 * 4,
  };
}

/**
 * Keys in `bits` with a norm of 16 bits, or in FP8 without one; values with a scale and a zero of 16 bits; together an even number
 * (`TurboQuantConfig` of vllm/model_executor/layers/quantization/turboquant/config.py).
 */
function turboquant(keyBits: number, valueBits: number): CacheFormat {
  const packed = (dimension: number, bits: number) => Math.ceil((dimension * bits) / 8);
  return {
    headBytes(keyDim, valueDim) {
      const slot = packed(keyDim, keyBits) + (keyBits === 8 ? 0 : 2) + packed(valueDim, valueBits) + 4;
      return slot + (slot % 2);
    },
    latentBytes: latent,
    // the first and the last two layers
    plainLayers: 4,
  };
}

/** Four bits with a scale of eight for each sixteen (`nvfp4_kv_cache_full_dim` of vllm/utils/torch_utils.py). */
const fourBits = (dimension: number) => Math.floor(dimension / 2) + Math.floor(dimension / 16);
const nvfp4: CacheFormat = {
  headBytes: (keyDim, valueDim) => fourBits(keyDim) + fourBits(valueDim),
  latentBytes: fourBits,
};

/** Formats of sparse attention, whose vector has a size of its own (`get_kv_cache_spec` of vllm/model_executor/layers/attention/mla_attention.py). */
const sparse = (bytes: number): CacheFormat => ({ ...formatOf(1), latentBytes: () => bytes });

/** That of compressed attention: values in 8 bits, positions in 16, and seven scales (`DeepseekV4SWACache` of vllm/v1/attention/backends/mla/sparse_swa.py). */
export const compressedBytes = 584;

/** The same of DeepSeek V4.1 on Blackwell (SM 10.x): all values in 8 bits, with a scale for each 32 (`_use_v41_mxfp8_kv_record` of vllm/models/deepseek_v41/attention.py). */
const packedBytes = 528;

const formats: Readonly<Record<string, CacheFormat>> = {
  fp8: formatOf(1),
  fp8_e4m3: formatOf(1),
  fp8_e5m2: formatOf(1),
  fp8_inc: formatOf(1),
  fp8_ds_mla: sparse(656),
  nvfp4_ds_mla: sparse(352),
  turboquant_k8v4: turboquant(8, 4),
  turboquant_4bit_nc: turboquant(4, 4),
  turboquant_k3v4_nc: turboquant(3, 4),
  turboquant_3bit_nc: turboquant(3, 3),
  int8_per_token_head: perTokenHead(dimension => dimension),
  fp8_per_token_head: perTokenHead(dimension => dimension),
  int4_per_token_head: perTokenHead(dimension => Math.floor(dimension / 2)),
  nvfp4,
  nvfp4_4over6: nvfp4,
};
const sixteenBits = ['auto', 'float16', 'bfloat16'];

/** Whether a type is one of which Fairway knows no size. */
export function isUncountedType(type: string): boolean {
  return formats[type] === undefined && !sixteenBits.includes(type);
}

/** Why this version does not start with a type of the cache; undefined where it does, and where the version is newer than what is known. */
export function cacheTypeFault(type: string, version: string | undefined): Reason | undefined {
  if (version === undefined) return undefined;
  const known = Object.keys(since).filter(one => !isBefore(version, since[one] ?? ''));
  if (known.includes(type) || (since[type] === undefined && isBefore(newestKnown, version))) return undefined;
  return reasonOf('compute.cacheType', { engine: 'vllm', version, type, types: known.join(', ') });
}

/**
 * How vLLM writes the cache of a model.
 * @param asked --kv-cache-dtype
 * @param plainBytes bytes of a value of the computation
 * @param version undefined counts as the newest
 */
export function vllmCache(
  asked: string,
  plainBytes: number,
  model: SizedModel,
  gpu: GpuClass | undefined,
  version = newestKnown,
): NamedFormat {
  // without an argument its kernels pack, and with one that names 16 bits those that do not are taken (`_resolve_dsv4_kv_cache_dtype`)
  if (model.cache?.some(one => one.kind === 'compressed') && (asked === 'auto' || /^fp8/.test(asked)))
    return { type: 'fp8_ds_mla', ...sparse(packs(model, gpu) ? packedBytes : compressedBytes) };
  const type = resolved(asked, model, gpu, version);
  // whole layers are few where most are states, and none of them is spared
  const hybrid = model.cache?.some(one => one.kind === 'state') ?? false;
  const format = formats[type] ?? formatOf(plainBytes);
  return { type, ...format, ...(hybrid ? { plainLayers: 0 } : {}) };
}

function packs({ family }: SizedModel, gpu: GpuClass | undefined): boolean {
  return family === 'deepseek_v41_text' && Math.floor(gpu?.computeCapability ?? 0) === 10;
}

function resolved(asked: string, model: SizedModel, gpu: GpuClass | undefined, version: string): string {
  const isSparse = model.cache?.some(one => one.kind === 'latent' && one.indexBytes !== undefined) ?? false;
  const family = Math.floor(gpu?.computeCapability ?? 0);
  const type = asked === 'auto' ? stated(model, version) : asked;
  // other vendors' kernels have no format of their own
  if (!isSparse || (gpu && family === 0)) return type;
  // `_canonicalize_sparse_mla_kv_cache_dtype` of the same file, by the backends that vllm/platforms/cuda.py puts first
  const packs = family === 12 ? type === 'auto' || /^fp8(_e4m3)?$/.test(type) : /^(fp8|int)/.test(type);
  if (packs && (family !== 10 || isBefore(version, '0.19'))) return 'fp8_ds_mla';
  // `GlmMoeDsaForCausalLM` of vllm/model_executor/models/config.py
  return type === 'auto' && model.family === 'glm_moe_dsa' && family === 10 && !isBefore(version, '0.29')
    ? 'fp8_e4m3'
    : type;
}

/**
 * The type that a checkpoint brings scales for: ModelOpt's since 0.14, NVFP4 since 0.20 (`get_kv_cache_quant_algo_string` of
 * vllm/utils/torch_utils.py), llm-compressor's since 0.16 (`kv_cache_scheme` in vllm/model_executor/layers/attention/attention.py).
 */
function stated({ quantization }: SizedModel, version: string): string {
  const { method = '', cacheType } = quantization ?? {};
  if (cacheType === 'fp8' && method.startsWith('modelopt') && !isBefore(version, '0.14')) return 'fp8_e4m3';
  if (cacheType === 'nvfp4' && method.startsWith('modelopt') && !isBefore(version, '0.20')) return 'nvfp4';
  return cacheType === 'fp8' && method === 'compressed-tensors' && !isBefore(version, '0.16') ? 'fp8' : 'auto';
}
