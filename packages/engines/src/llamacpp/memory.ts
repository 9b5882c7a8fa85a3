import { gibibyte } from '@fairway/service/gibibyte';
import { formatOf } from '@fairway/service/model/cached-layers';
import type { RopeScaling } from '@fairway/service/model/context-length';
import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { Service } from '@fairway/service/schema';
import { Flags } from '../flags.ts';
import { llamacpp } from '../llamacpp/profile.ts';
import { type EngineMemory } from '../memory.ts';
import { uncountedBy } from '../uncounted.ts';
import { heldBytes, layersOf, onGpu, type Placement } from './placement.ts';

// bytes of one value in ggml's types that --cache-type-k and --cache-type-v take: bytes of a block over its values
const cacheBytes: Readonly<Record<string, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  q8_0: 34 / 32,
  q4_0: 18 / 32,
  q4_1: 20 / 32,
  iq4_nl: 18 / 32,
  q5_0: 22 / 32,
  q5_1: 24 / 32,
};

// a window and the tokens of one step, in cells of 256
const cell = 256;

/** @param elsewhere arguments that its environment gives, which those of the command line go before */
export function llamacppMemory(service: Service, elsewhere: readonly string[] = []): EngineMemory {
  const flags = new Flags('llamacpp', [...elsewhere, ...llamacpp.arguments(service)]);
  const sequences = flags.number('--parallel') ?? service.serving.sequences;
  const tokens = flags.number('--ctx-size') ?? service.serving.contextLength * sequences;
  const step = flags.number('--ubatch-size') ?? 512;
  const [key = 'f16', value = 'f16'] = ['--cache-type-k', '--cache-type-v'].map(name => flags.text(name));
  const placement = placementOf(flags, service.resources.gpu?.count ?? 1);
  const cacheType = key === value ? key : `${key}/${value}`;
  const unknown = [key, value].find(type => cacheBytes[type] === undefined);
  // one pool for all sequences has the tokens of one step once
  const cells = (window: number) =>
    flags.has('--kv-unified')
      ? (Math.ceil((window * sequences + step) / cell) * cell) / sequences
      : Math.ceil((window + step) / cell) * cell;
  return {
    engine: 'llamacpp',
    fault: unknown === undefined ? plainAttentionFault(flags, value) : cacheTypeFault(unknown),
    contextLength: Math.floor(tokens / sequences),
    sequences,
    gpus: 1,
    division: {
      headSplit: 1,
      layerSplit: placement.byRow ? 1 : 1 / Math.max(...placement.shares),
      windowTokens: (window, length) => (flags.has('--swa-full') ? length : Math.min(length, cells(window))),
    },
    cacheType,
    cacheFormat(model) {
      const layers = layersOf(model);
      // the cache of a layer is where the layer is
      const share = flags.has('--no-kv-offload') ? 0 : onGpu(placement, layers) / Math.max(1, layers);
      return { type: cacheType, ...formatOf(share * (cacheBytes[key] ?? 2), share * (cacheBytes[value] ?? 2)) };
    },
    heldBytes: model => heldBytes(model, placement),
    uncounted: [
      ...uncountedBy(flags),
      ...(flags.text('--n-gpu-layers') === 'auto'
        ? ['layers that do not fit and stay with the host (--n-gpu-layers)']
        : []),
    ],
    rope: ropeArgument(flags),
    headroom: 10,
    loadedWeights: () => 1,
    // CUDA context and buffers, and the compute buffer: logits and activations of one step in 32 bits
    overhead: model => 0.5 * gibibyte + 4 * step * ((model.vocabulary ?? 0) + 4 * (model.hiddenSize ?? 4096)),
  };
}

function cacheTypeFault(type: string): Reason {
  return reasonOf('compute.cacheTypeOfGgml', { type, types: Object.keys(cacheBytes).join(', ') });
}

/** Only flash attention reads values that are quantised (`llama_init_from_model` of src/llama-context.cpp). */
function plainAttentionFault(flags: Flags, type: string): Reason | undefined {
  // `is_falsey` of common/arg.cpp
  const off = /^(off|disabled|false|0)$/.test(flags.text('--flash-attn') ?? '');
  return off && !/^b?f\d+$/.test(type) ? reasonOf('compute.plainAttention', { type }) : undefined;
}

function placementOf(flags: Flags, count: number): Placement {
  const device = flags.text('--device');
  const layers = flags.number('--n-gpu-layers') ?? Infinity;
  const devices = device === undefined ? count : device === 'none' ? 0 : Math.min(count, device.split(',').length);
  const mode = flags.text('--split-mode') ?? 'layer';
  // fractions of the model, and none for GPUs that are not named
  const given = (flags.text('--tensor-split') ?? '').split(/[,/]+/).map(Number);
  const parts = Array.from({ length: mode === 'none' ? 1 : Math.max(1, devices) }, (_, gpu) => given[gpu] ?? 0);
  const sum = parts.reduce((whole, part) => whole + part, 0);
  const even = !(sum > 0) || mode === 'none';
  return {
    shares: parts.map(part => (even ? 1 / parts.length : part / sum)),
    byRow: mode === 'row',
    wholeLayers: mode === 'layer' || mode === 'none',
    // less than none, `all` and `auto` stand for all
    layers: devices === 0 ? 0 : layers < 0 ? Infinity : layers,
    hostExperts: flags.has('--cpu-moe') ? Infinity : (flags.number('--n-cpu-moe') ?? 0),
  };
}

function ropeArgument(flags: Flags): RopeScaling | undefined {
  const frequency = flags.number('--rope-freq-scale');
  const factor = flags.number('--rope-scale') ?? (frequency ? 1 / frequency : undefined);
  const original = flags.number('--yarn-orig-ctx');
  if (factor === undefined) return undefined;
  return { type: flags.text('--rope-scaling') ?? 'linear', factor, ...(original ? { original } : {}) };
}
