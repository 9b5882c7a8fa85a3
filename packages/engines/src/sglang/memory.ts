import { gibibyte } from '@fairway/service/gibibyte';
import type { GpuClass } from '@fairway/service/gpu-classes';
import type { Service } from '@fairway/service/schema';
import { Flags } from '../flags.ts';
import { loadedWeights } from '../loaded-weights.ts';
import type { EngineMemory } from '../memory.ts';
import { uncountedBy } from '../uncounted.ts';
import { isBefore } from '../version-order.ts';
import { computeName, overriddenPositions, ropeArgument } from '../vllm/memory.ts';
import { cacheTypeFault, isUncountedType, sglangCache } from './cache.ts';
import { copiesOf, sglang } from './profile.ts';

const mebibyte = 1024 ** 2;

/** CUDA context and NCCL, which are there before SGLang measures what is free. Measured with vLLM, not with SGLang. */
const context = 0.5 * gibibyte;

// `_handle_gpu_memory_settings` of sglang/srt/server_args.py (0.5.6): GiB up to which a row counts, tokens of a chunk of a prompt,
// sequences of the largest graph with fewer than four GPUs and with more
const defaults = [
  [20, 2048, 8, 8],
  [35, 2048, 24, 80],
  [60, 4096, 32, 160],
  [160, 8192, 256, 512],
  [Infinity, 16_384, 512, 512],
] as const;

/** Of all tokens those for which it holds the windows of DeepSeek V4 (`DSV4_DEFAULT_SWA_FULL_TOKENS_RATIO` of pool_configurator.py). */
const windowShare = 0.1;

/**
 * SGLang divides heads and experts among the GPUs of --tp-size, layers among those of --pp-size, and copies the rest by --dp-size; other
 * copies are of the attention alone, inside of --tp-size. It knows latent attention.
 */
export function sglangMemory(service: Service, version?: string, elsewhere?: readonly string[]): EngineMemory {
  const flags = new Flags('sglang', [...(elsewhere ?? []), ...sglang.arguments(service)]);
  const tensor = flags.number('--tp-size') ?? 1;
  const pipeline = flags.number('--pp-size') ?? 1;
  const { copies, inside } = copiesOf(flags);
  const cacheType = flags.text('--kv-cache-dtype') ?? 'auto';
  const computeType = computeName(flags.text('--dtype'));
  const share = flags.number('--mem-fraction-static');
  const sequences = flags.number('--max-running-requests') ?? service.serving.sequences;
  return {
    engine: 'sglang',
    ...(version === undefined ? {} : { version }),
    fault: cacheTypeFault(cacheType, version),
    contextLength: flags.number('--context-length') ?? service.serving.contextLength,
    sequences: Math.max(1, Math.floor(sequences / inside)),
    gpus: tensor * pipeline * copies,
    offloadedBytes: (flags.number('--cpu-offload-gb') ?? 0) * gibibyte,
    division: {
      headSplit: Math.max(1, tensor / inside / (flags.number('--attn-cp-size') ?? 1)),
      layerSplit: pipeline,
      // only some families have a pool of their own for windows, and that one has eight tenths of the tokens (--swa-full-tokens-ratio)
      windowTokens: (_, length) => length,
      windowBesideCompressed: (window, length) =>
        Math.max(window, (flags.number('--swa-full-tokens-ratio') ?? windowShare) * length),
    },
    experts: { split: tensor, cut: tensor / (flags.number('--ep-size') ?? 1) },
    cacheType,
    cacheFormat: (model, gpu) => sglangCache(cacheType, computeType === 'float32' ? 4 : 2, model, gpu, version),
    computeType,
    ...overriddenPositions(flags, '--json-model-override-args'),
    rope: ropeArgument(flags, '--json-model-override-args'),
    // `get_context_length` of sglang/srt/utils/hf_transformers_utils.py
    stretches: rope => rope.original === undefined,
    uncounted: [
      ...uncountedBy(flags, { cacheType: isUncountedType(cacheType), elsewhere }),
      ...(flags.has('--max-total-tokens') ? ['a cache of a fixed size (--max-total-tokens)'] : []),
    ],
    headroom: share === undefined ? 0 : Math.round((1 - share) * 1000) / 10,
    loadedWeights: model => loadedWeights(model, computeType, flags.text('--quantization')),
    overhead: (_, gpu) =>
      context + (share === undefined ? reserved(flags, { tensor, pipeline, copies: inside, gpu, version }) : 0),
  };
}

/** What SGLang itself leaves for activations and graphs where no --mem-fraction-static says it. */
function reserved(
  flags: Flags,
  {
    tensor,
    pipeline,
    copies,
    gpu,
    version,
  }: {
    readonly tensor: number;
    readonly pipeline: number;
    readonly copies: number;
    readonly gpu: GpuClass | undefined;
    readonly version: string | undefined;
  },
): number {
  const memory = gpu ? gpu.memoryBytes / gibibyte : undefined;
  const [, chunk, small, large] = defaults.find(([below]) => (memory ?? 0) < below) ?? defaults[0];
  const chunked = flags.number('--chunked-prefill-size') ?? chunk;
  // without chunks, the longest prompt
  const tokens = chunked > 0 ? chunked : (flags.number('--max-prefill-tokens') ?? 16_384);
  const graphs = flags.number('--cuda-graph-max-bs') ?? (tensor < 4 ? small : large);
  const attention = copies > 1 ? graphs * copies * (graphs > 300 ? 4.5 : 3) : 0;
  const sum = 512 + Math.max(tokens, 2048) * 1.5 + graphs * 2 + ((tensor * pipeline) / 8) * 1024 + attention;
  return (
    mebibyte * ((memory !== undefined && memory > 60 ? Math.max(sum, 10 * 1024) : sum) + speculative(flags, version))
  );
}

/** What it leaves for a draft model and its graphs, in MiB. */
function speculative(flags: Flags, version = '0.5.6'): number {
  const algorithm = flags.text('--speculative-algorithm')?.toUpperCase();
  if (algorithm === undefined || algorithm === 'NGRAM') return 0;
  return algorithm === 'STANDALONE' ? 6 * 1024 : isBefore(version, '0.5.10') ? 2 * 1024 : 4 * 1024;
}
