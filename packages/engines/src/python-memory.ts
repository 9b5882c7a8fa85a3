import { gibibyte } from '@fairway/service/gibibyte';
import { formatOf } from '@fairway/service/model/cached-layers';
import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { Service } from '@fairway/service/schema';
import { Flags } from './flags.ts';
import { loadedWeights } from './loaded-weights.ts';
import type { EngineMemory } from './memory.ts';
import { tgi } from './tgi/profile.ts';
import { uncountedBy } from './uncounted.ts';
import { computeName } from './vllm/memory.ts';

// CUDA context, cuBLAS workspaces, activations of a step and the allocator's fragments; measured for none of these engines
const overhead = 1.5 * gibibyte;

/** `KVCacheDtype` of TGI's launcher/src/main.rs (3.3.6), and what stands for none. */
const cacheTypes = ['auto', 'fp8_e4m3fn', 'fp8_e5m2'];

function cacheTypeFault(type: string): Reason {
  return reasonOf('compute.cacheType', { engine: 'tgi', version: '3', type, types: cacheTypes.slice(1).join(', ') });
}

/** Text Generation Inference divides heads among its shards and holds every token of a window's layer. */
export function tgiMemory(service: Service, elsewhere: readonly string[] = []): EngineMemory {
  const flags = new Flags('tgi', [...elsewhere, ...tgi.arguments(service)]);
  const shards = flags.number('--num-shard') ?? 1;
  const cacheType = flags.text('--kv-cache-dtype') ?? 'auto';
  const valueBytes = cacheType.startsWith('fp8') ? 1 : 2;
  const rope = flags.number('--rope-factor');
  const share = flags.number('--cuda-memory-fraction');
  const computeType = computeName(flags.text('--dtype'));
  const quantize = flags.text('--quantize');
  return {
    engine: 'tgi',
    ...(cacheTypes.includes(cacheType) ? {} : { fault: cacheTypeFault(cacheType) }),
    contextLength: flags.number('--max-total-tokens') ?? service.serving.contextLength,
    sequences: flags.number('--max-batch-size') ?? service.serving.sequences,
    gpus: shards,
    division: {
      headSplit: shards,
      layerSplit: 1,
      expandsLatent: true,
      windowTokens: (_, length) => length,
    },
    cacheType,
    cacheFormat: () => ({ type: cacheType, ...formatOf(valueBytes) }),
    computeType,
    rope: rope === undefined ? undefined : { type: flags.text('--rope-scaling') ?? 'linear', factor: rope },
    uncounted: uncountedBy(flags),
    headroom: share === undefined ? 10 : Math.round((1 - share) * 100),
    // its bitsandbytes has eight bits
    loadedWeights: model => loadedWeights(model, computeType, quantize === 'bitsandbytes' ? 'eetq' : quantize),
    overhead: () => overhead + (shards > 1 ? gibibyte : 0),
  };
}

/** `transformers serve` and FastChat's worker put whole layers on each GPU. */
export function layerwiseMemory(service: Service): EngineMemory {
  const { name } = service.engine;
  const flags = new Flags(name, service.engine.arguments);
  const gpus = service.resources.gpu?.count ?? 1;
  const computeType = computeName(flags.text('--dtype'));
  // FastChat's and that of `transformers serve`
  const online = flags.has('--load-8bit') ? 'bnb-8bit' : flags.text('--quantization');
  return {
    engine: name,
    contextLength: service.serving.contextLength,
    sequences: service.serving.sequences,
    gpus: 1,
    division: {
      headSplit: 1,
      layerSplit: gpus,
      expandsLatent: true,
      // the Transformers that FastChat was written for hold every token
      windowTokens: (window, length) => (name === 'fastchat' ? length : Math.min(window, length)),
    },
    cacheType: 'auto',
    cacheFormat: () => ({ type: 'auto', ...formatOf(computeType === 'float32' ? 4 : 2) }),
    computeType,
    uncounted: uncountedBy(flags),
    headroom: 10,
    loadedWeights: model => loadedWeights(model, computeType, online),
    overhead: () => overhead,
  };
}
