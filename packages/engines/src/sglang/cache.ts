import { formatOf, type CacheFormat } from '@fairway/service/model/cached-layers';
import type { GpuClass } from '@fairway/service/gpu-classes';
import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { NamedFormat, SizedModel } from '../memory.ts';
import { isBefore } from '../version-order.ts';
import { compressedBytes } from '../vllm/cache.ts';

/**
 * Types of --kv-cache-dtype, and the versions that may have them: `choices` of sglang/srt/server_args.py of 0.5.6, 0.5.10 and 0.5.23. Between
 * the last two nobody has looked.
 */
const types: Readonly<Record<string, { readonly since: string; readonly until: string }>> = {
  auto: { since: '0.5.6', until: '0.5.24' },
  fp8_e5m2: { since: '0.5.6', until: '0.5.24' },
  fp8_e4m3: { since: '0.5.6', until: '0.5.24' },
  bf16: { since: '0.5.6', until: '0.5.24' },
  bfloat16: { since: '0.5.6', until: '0.5.24' },
  fp4_e2m1: { since: '0.5.6', until: '0.5.23' },
  mxfp8: { since: '0.5.11', until: '0.5.24' },
  nvfp4: { since: '0.5.11', until: '0.5.24' },
  fp4_mx_block16: { since: '0.5.11', until: '0.5.24' },
};

// four bits with a scale of eight for each sixteen; eight with one for each thirty-two
const fourBits = formatOf(9 / 16);
const formats: Readonly<Record<string, CacheFormat>> = {
  fp8_e5m2: formatOf(1),
  fp8_e4m3: formatOf(1),
  mxfp8: formatOf(33 / 32),
  fp4_e2m1: fourBits,
  nvfp4: fourBits,
  fp4_mx_block16: fourBits,
};

export function isUncountedType(type: string): boolean {
  return types[type] === undefined;
}

/** Why this version does not start with a type of the cache. */
export function cacheTypeFault(type: string, version: string | undefined): Reason | undefined {
  if (version === undefined) return undefined;
  const known = Object.entries(types).flatMap(([one, { since, until }]) =>
    !isBefore(version, since) && isBefore(version, until) ? [one] : [],
  );
  // of older and newer versions nothing is known
  if (known.length === 0 || known.includes(type)) return undefined;
  return reasonOf('compute.cacheType', { engine: 'sglang', version, type, types: known.join(', ') });
}

/**
 * How SGLang writes the cache of a model.
 * @param asked --kv-cache-dtype
 * @param plainBytes bytes of a value of the computation
 */
export function sglangCache(
  asked: string,
  plainBytes: number,
  model: SizedModel,
  gpu: GpuClass | undefined,
  version = '0.5.6',
): NamedFormat {
  // `DSV4PoolConfigurator` of sglang/srt/model_executor/pool_configurator.py
  if (model.cache?.some(one => one.kind === 'compressed') && asked !== 'bfloat16' && asked !== 'bf16')
    return { type: 'fp8_e4m3', ...formatOf(1), latentBytes: () => compressedBytes };
  const isSparse = model.cache?.some(one => one.kind === 'latent' && one.indexBytes !== undefined) ?? false;
  const blackwell = (gpu?.computeCapability ?? 0) >= 10;
  const type = asked === 'auto' ? stated(model, isSparse, blackwell) : asked;
  const format = formats[type] ?? formatOf(plainBytes);
  // `calculate_mla_kv_cache_dim` of sglang/srt/mem_cache/kv_cache_configurator.py: values in 8 bits, a scale of 32 for each 128, and
  // positions in 16 bits; TRT-LLM's kernels, which 0.5.10 and newer take on Blackwell, have neither
  const packed = isSparse && type === 'fp8_e4m3' && !(blackwell && !isBefore(version, '0.5.10'));
  return {
    type,
    ...format,
    ...(packed ? { latentBytes: width => width - 64 + ((width - 64) / 128) * 4 + 2 * 64 } : {}),
  };
}

/** ModelOpt's FP8 (`configure_kv_cache_dtype`), and on Blackwell that of sparse attention (`_dsa_kv_cache_dtype_default`). */
function stated({ quantization }: SizedModel, isSparse: boolean, blackwell: boolean): string {
  if (isSparse) return blackwell ? 'fp8_e4m3' : 'auto';
  const modelopt = quantization?.method.startsWith('modelopt') ?? false;
  return modelopt && quantization?.cacheType === 'fp8' ? 'fp8_e4m3' : 'auto';
}
