import { gibibyte } from '@fairway/service/gibibyte';
import type { GpuClass } from '@fairway/service/gpu-classes';
import { ropeScaling, type RopeScaling } from '@fairway/service/model/context-length';
import { isConfig } from '@fairway/service/model/config-values';
import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { Service } from '@fairway/service/schema';
import { Flags } from '../flags.ts';
import { methodFault } from '../gpu-compute.ts';
import { loadedWeights } from '../loaded-weights.ts';
import type { EngineMemory, SizedModel } from '../memory.ts';
import { uncountedBy } from '../uncounted.ts';
import { isBefore } from '../version-order.ts';
import { vllm } from '../vllm/profile.ts';
import { cacheTypeFault, isUncountedType, vllmCache } from './cache.ts';

// Measured with vLLM 0.24.0 on an H200 with the shape of Llama 3.1 8B, 256 sequences: 1.4 GiB besides weights and cache when it
// runs eagerly, 0.25 GiB more with graphs. The peak is that of the sampler's warm-up, which holds about 38 bytes for each sequence
// and token of the vocabulary: reports of Llama 3 8B (vllm-project/vllm#10511: 1.26 GiB of activations at 256 sequences, on one
// GPU and on two) and of gpt-oss-120b (#23278, #27508: 7.4 and 7.5 GiB at 1,024) are within a tenth of it.
const context = 0.25 * gibibyte;
const graphs = 0.25 * gibibyte;
const samplerBytes = 38;

/** NCCL's buffers and the all-reduce of vLLM on each of several GPUs. An assumption: reports go from 0.2 to 1.8 GiB. */
const communication = gibibyte;

// Kernels for MXFP4 on GPUs without that type pad each matrix to multiples of 256 and keep workspaces. Reports of gpt-oss-120b on one
// H100 have 64.4 to 66.0 GiB after loading, and besides weights and cache 5.6 to 7.8 GiB (#23278, #27508, #33155).
const mxfp4Padding = 256;
const mxfp4Overhead = 7.4 * gibibyte;

/** Default of --gpu-memory-utilization, and before 0.20 (`CacheConfig` of vllm/config/cache.py). */
const utilization = 0.92;
const olderUtilization = 0.9;

/** vLLM's own default of --max-num-batched-tokens: more on GPUs with much memory, but for the A100 (`get_batch_defaults`). */
function batchedTokens(gpu: GpuClass | undefined, version = '0'): number {
  const { name = '', memoryBytes: memory = 0 } = gpu ?? {};
  if (memory >= 160 * gibibyte && !isBefore(version, '0.28')) return 16_384;
  return memory >= 70 * gibibyte && !name.includes('a100') ? 8192 : 2048;
}

/**
 * @param version of the engine, such as 0.24.0; undefined takes the smaller default of two
 * @param elsewhere what `argumentsElsewhere` found
 */
export function vllmMemory(service: Service, version?: string, elsewhere?: readonly string[]): EngineMemory {
  const flags = new Flags('vllm', [...(elsewhere ?? []), ...vllm.arguments(service)]);
  const tensor = flags.number('--tensor-parallel-size') ?? 1;
  const pipeline = flags.number('--pipeline-parallel-size') ?? 1;
  const copies = flags.number('--data-parallel-size') ?? 1;
  // of one prompt, on GPUs of their own
  const prompt = flags.number('--prefill-context-parallel-size') ?? 1;
  const cacheType = flags.text('--kv-cache-dtype') ?? 'auto';
  const experts = tensor * copies * prompt;
  const computeType = computeName(flags.text('--dtype'));
  const sequences = flags.number('--max-num-seqs') ?? service.serving.sequences;
  const keepsAll = flags.has('--disable-hybrid-kv-cache-manager') || flags.has('--disable-sliding-window');
  const contextLength = flags.number('--max-model-len') ?? service.serving.contextLength;
  const batch = flags.number('--max-num-batched-tokens');
  // without chunks a whole prompt is one step
  const whole = flags.has('--no-enable-chunked-prefill') ? contextLength : 0;
  // `_set_default_max_num_seqs_and_batched_tokens_args` of vllm/engine/arg_utils.py
  const faster = flags.text('--performance-mode') === 'throughput' ? 2 : 1;
  const tokensOfStep = (gpu: GpuClass | undefined): number =>
    batch ?? Math.min(sequences * contextLength, Math.max(whole, faster * batchedTokens(gpu, version)));
  const share =
    flags.number('--gpu-memory-utilization') ?? (isBefore(version ?? '0', '0.20') ? olderUtilization : utilization);
  const online = flags.text('--quantization');
  // while one step runs, the next is prepared (`max_in_flight_tokens` of vllm/config/vllm.py)
  const steps = isBefore(version ?? '0', '0.26') || flags.has('--no-async-scheduling') ? 1 : Math.max(2, pipeline);
  return {
    engine: 'vllm',
    ...(version === undefined ? {} : { version }),
    fault:
      cacheTypeFault(cacheType, version) ??
      stepFault(batch, Math.max(whole, sequences)) ??
      onlineFault(online, version),
    contextLength,
    sequences,
    gpus: tensor * pipeline * copies * prompt,
    offloadedBytes: (flags.number('--cpu-offload-gb') ?? 0) * gibibyte,
    division: {
      headSplit: tensor,
      layerSplit: pipeline,
      tokenSplit: flags.number('--decode-context-parallel-size') ?? 1,
      windowTokens: (window, length) => (keepsAll ? length : Math.min(window, length)),
    },
    // copies have an attention each and share the experts, whole or cut ("Data Parallel" and "Expert Parallel Deployment" of vLLM 0.12)
    experts: { split: experts, cut: flags.has('--enable-expert-parallel') ? 1 : experts },
    uncounted: uncountedBy(flags, { cacheType: isUncountedType(cacheType), elsewhere }),
    cacheType,
    cacheFormat: (model, gpu) => vllmCache(cacheType, computeType === 'float32' ? 4 : 2, model, gpu, version),
    computeType,
    ...overriddenPositions(flags, '--hf-overrides'),
    rope: ropeArgument(flags, '--hf-overrides'),
    // `_get_and_verify_max_len` of vllm/config/model.py
    stretches: rope => !(/^(deepseek_)?yarn$/.test(rope.type) && !isBefore(version ?? '0', '0.30')),
    headroom: Math.round((1 - share) * 1000) / 10,
    loadedWeights(model) {
      if (model.quantization?.method === 'mxfp4') return padded(model.hiddenSize ?? mxfp4Padding, mxfp4Padding);
      return loadedWeights(model, computeType, online);
    },
    // `max_admission_blocks_per_request` of vllm/v1/kv_cache_interface.py: without that room it does not start
    inFlightTokens: gpu => steps * tokensOfStep(gpu),
    overhead(model, gpu) {
      // what the API server decodes images and videos with
      const frontend = (flags.number('--mm-ipc-gpu-memory-gb') ?? 0) * gibibyte;
      const fixed =
        context + frontend + (experts > 1 ? communication : 0) + (flags.has('--enforce-eager') ? 0 : graphs);
      const native = (gpu?.computeCapability ?? 10) >= 10;
      if (model.quantization?.method === 'mxfp4' && !native) return mxfp4Overhead + (experts > 1 ? communication : 0);
      return fixed + peak(model, { tokens: tokensOfStep(gpu), sequences, tensor });
    },
  };
}

/** `verify_max_model_len` of vllm/config/scheduler.py: each sequence has a token in a step, and a prompt that is not cut has all. */
function stepFault(tokens: number | undefined, least: number): Reason | undefined {
  return tokens === undefined || tokens >= least ? undefined : reasonOf('compute.step', { tokens, least });
}

function onlineFault(method: string | undefined, version: string | undefined): Reason | undefined {
  return method === undefined ? undefined : methodFault(method, { engine: 'vllm', version });
}

/** The larger of a forward pass over a whole batch and of the sampler's warm-up. */
function peak(
  model: SizedModel,
  { tokens, sequences, tensor }: { readonly tokens: number; readonly sequences: number; readonly tensor: number },
): number {
  const perToken =
    3 * ((model.intermediateSize ?? 4 * (model.hiddenSize ?? 4096)) / tensor) + 4 * (model.hiddenSize ?? 4096);
  return Math.max(2 * tokens * perToken, Math.min(sequences, tokens) * (model.vocabulary ?? 0) * samplerBytes);
}

function padded(size: number, unit: number): number {
  return (Math.ceil(size / unit) * unit) / size;
}

export function computeName(dtype: string | undefined): string | undefined {
  if (dtype === undefined || dtype === 'auto') return undefined;
  return { half: 'float16', float: 'float32', fp16: 'float16', bf16: 'bfloat16' }[dtype] ?? dtype;
}

/** What an argument in JSON says of the language model in the place of its file. */
function overridesOf(flags: Flags, name: string): unknown {
  const overrides = flags.json(name);
  return isConfig(overrides) && isConfig(overrides.text_config) ? overrides.text_config : overrides;
}

export function overriddenPositions(flags: Flags, name: string): { readonly positions?: number } {
  const text = overridesOf(flags, name);
  const positions = isConfig(text) ? text.max_position_embeddings : undefined;
  return typeof positions === 'number' ? { positions } : {};
}

export function ropeArgument(flags: Flags, name: string): RopeScaling | undefined {
  const text = overridesOf(flags, name);
  const inner = isConfig(text) ? (text.rope_scaling ?? text.rope_parameters) : undefined;
  const given = inner ?? flags.json('--rope-scaling');
  return isConfig(given) ? ropeScaling(given) : undefined;
}
