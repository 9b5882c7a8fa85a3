import type { EngineMemory, SizedModel } from './memory.ts';
import { gpuClasses, type GpuClass } from '@fairway/service/gpu-classes';

// Least compute capability by quantisation, as vLLM's `get_min_capability` has it (vllm/model_executor/layers/quantization). Weights in
// FP8 and FP4 are computed in 16 bits on GPUs without those types.
const leastOfMethod: Readonly<Record<string, number>> = {
  fp8: 8,
  fbgemm_fp8: 8,
  modelopt: 8.9,
  modelopt_fp4: 8,
  mxfp4: 8,
  awq: 7.5,
  gptq: 7,
  bitsandbytes: 7,
};
const leastOfBfloat16 = 8;
const leastOfFp8Cache = 8.9;

/** Quantisations that an engine does not load, where its documentation lists those that it does. */
const unknownTo: Readonly<Partial<Record<EngineMemory['engine'], readonly string[]>>> = {
  tgi: ['mxfp4', 'modelopt', 'modelopt_fp4'],
  fastchat: ['mxfp4', 'modelopt', 'modelopt_fp4', 'fp8', 'compressed-tensors'],
  transformers: ['modelopt', 'modelopt_fp4'],
};

/** Why a GPU cannot compute the types of a model with this engine, and what does; undefined when it can. */
export function computeProblem(model: SizedModel, engine: EngineMemory, gpu: GpuClass): string | undefined {
  const method = model.quantization?.method;
  if (method !== undefined && unknownTo[engine.engine]?.includes(method))
    return `The engine ${engine.engine} does not load weights that are quantised with ${method}. Choose another engine, or weights without that quantisation.`;
  // other vendors' classes that Fairway knows compute all of these types
  if (gpu.computeCapability === undefined || model.format === 'gguf') return undefined;
  const type = engine.computeType ?? model.computeType ?? (model.dtype === 'BF16' ? 'bfloat16' : undefined);
  if (type === 'bfloat16' && gpu.computeCapability < leastOfBfloat16)
    return problem(gpu, leastOfBfloat16, 'computes in BF16', 'give the engine --dtype half, or ');
  const least = method === undefined ? undefined : leastOfMethod[method];
  if (least !== undefined && gpu.computeCapability < least)
    return problem(gpu, least, `has weights quantised with ${method}`);
  if (/^fp8(_e4m3)?$/.test(engine.cacheType) && gpu.computeCapability < leastOfFp8Cache)
    return problem(
      gpu,
      leastOfFp8Cache,
      'keeps its cache in FP8',
      'take --kv-cache-dtype out of engine.arguments, or ',
    );
  return undefined;
}

function problem(gpu: GpuClass, least: number, what: string, instead = ''): string {
  const able = [...gpuClasses.values()].filter(one => (one.computeCapability ?? 0) >= least).map(one => one.name);
  return `The service ${what}, which needs compute capability ${least.toFixed(1)}, and ${gpu.name} has ${(gpu.computeCapability ?? 0).toFixed(1)}. To fix it, ${instead}ask for one of ${able.join(', ')}.`;
}
