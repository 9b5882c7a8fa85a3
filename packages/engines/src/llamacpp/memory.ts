import { gibibyte } from '@fairway/service/gibibyte';
import { formatOf } from '@fairway/service/model/cached-layers';
import type { RopeScaling } from '@fairway/service/model/context-length';
import type { Service } from '@fairway/service/schema';
import { Flags } from '../flags.ts';
import { llamacpp } from '../llamacpp/profile.ts';
import { type EngineMemory } from '../memory.ts';

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

export function llamacppMemory(service: Service): EngineMemory {
  const flags = new Flags('llamacpp', llamacpp.arguments(service));
  const sequences = flags.number('--parallel') ?? service.serving.sequences;
  const tokens = flags.number('--ctx-size') ?? service.serving.contextLength * sequences;
  const step = flags.number('--ubatch-size') ?? 512;
  const [key = 'f16', value = 'f16'] = ['--cache-type-k', '--cache-type-v'].map(name => flags.text(name));
  const gpus = service.resources.gpu?.count ?? 1;
  const onGpu = !flags.has('--no-kv-offload');
  const cacheType = key === value ? key : `${key}/${value}`;
  const byRow = flags.text('--split-mode') === 'row';
  return {
    engine: 'llamacpp',
    contextLength: Math.floor(tokens / sequences),
    sequences,
    gpus: 1,
    division: {
      headSplit: 1,
      layerSplit: byRow ? 1 : gpus,
      windowTokens: (window, length) =>
        flags.has('--swa-full') ? length : Math.min(length, Math.ceil((window + step) / cell) * cell),
    },
    cacheType,
    cacheFormat: () => ({
      type: cacheType,
      ...(onGpu ? formatOf(cacheBytes[key] ?? 2, cacheBytes[value] ?? 2) : formatOf(0)),
    }),
    rope: ropeArgument(flags),
    headroom: 10,
    loadedWeights: () => 1,
    // CUDA context and buffers, and the compute buffer: logits and activations of one step in 32 bits
    overhead: model => 0.5 * gibibyte + 4 * step * ((model.vocabulary ?? 0) + 4 * (model.hiddenSize ?? 4096)),
  };
}

function ropeArgument(flags: Flags): RopeScaling | undefined {
  const factor = flags.number('--rope-scale');
  const original = flags.number('--yarn-orig-ctx');
  if (factor === undefined) return undefined;
  return { type: flags.text('--rope-scaling') ?? 'linear', factor, ...(original ? { original } : {}) };
}
