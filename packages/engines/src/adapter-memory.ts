import type { AdapterFacts } from '@fairway/service/model/adapter';
import type { ModelFacts } from '@fairway/service/model/facts';
import type { Service } from '@fairway/service/schema';
import type { EngineMemory } from './memory.ts';
import { sglangSlots } from './sglang/adapters.ts';
import { slotRank } from './vllm/adapters.ts';

/**
 * How an engine uses its GPUs with the adapters of a service beside the model. Where nobody knows what they take, it is the engine as it was, which
 * says that they are not counted.
 */
export function withAdapters(
  engine: EngineMemory,
  service: Service,
  model: ModelFacts,
  adapters: readonly (AdapterFacts | undefined)[],
): EngineMemory {
  const bytes = adapterBytes(engine, service, model, adapters);
  if (bytes === undefined) return engine;
  return {
    ...engine,
    uncounted: engine.uncounted?.filter(what => !what.startsWith('LoRA adapters ')) ?? [],
    overhead: (sized, gpu) => engine.overhead(sized, gpu) + bytes,
  };
}

/** Bytes of the adapters on one GPU. */
function adapterBytes(
  engine: EngineMemory,
  service: Service,
  model: ModelFacts,
  adapters: readonly (AdapterFacts | undefined)[],
): number | undefined {
  if (adapters.length === 0) return undefined;
  const valueBytes = engine.computeType === 'float32' ? 4 : 2;
  const known = adapters.filter(adapter => adapter !== undefined);
  const whole = known.length === adapters.length;
  // a slot holds the largest, at the rank for which all have room
  const slot = (rank: number): number => Math.max(...known.map(one => (one.parameters * rank) / one.rank)) * valueBytes;
  switch (engine.engine) {
    case 'vllm': {
      const rank = slotRank(service);
      if (rank === undefined) return undefined;
      const values = valuesPerRank(model, engine);
      if (values !== undefined) return adapters.length * rank * values * valueBytes;
      return whole ? adapters.length * slot(rank) : undefined;
    }
    case 'sglang':
      return whole ? sglangSlots(adapters.length) * slot(Math.max(...ranks(service))) : undefined;
    case 'tgi':
      return whole ? known.reduce((sum, { parameters }) => sum + parameters, 0) * valueBytes : undefined;
    default:
      return undefined;
  }
}

function ranks({ model: { adapters = [] } }: Service): readonly number[] {
  return adapters.map(({ rank }) => rank);
}

/**
 * Values that a slot of vLLM has on one GPU for each rank: it makes room at every matrix of the attention and of the feed-forward layers, whichever an
 * adapter changes. Of two matrices that several GPUs divide, the one at the divided side is divided too, the other copied (`create_lora_weights` of
 * vllm/lora/layers, --fully-sharded-loras). Undefined for experts and for a shape that is not known.
 */
function valuesPerRank(model: ModelFacts, { division }: EngineMemory): number | undefined {
  const { layers, heads, kvHeads, headDim, hiddenSize: hidden, intermediateSize: inner, expertSize } = model;
  if (expertSize !== undefined || layers === undefined || heads === undefined || kvHeads === undefined)
    return undefined;
  if (headDim === undefined || hidden === undefined || inner === undefined) return undefined;
  const { headSplit, layerSplit } = division;
  const [queries, keys] = [heads * headDim, kvHeads * headDim];
  const divided = [queries, keys, keys, inner, inner].map(out => hidden + out / headSplit);
  const gathered = [queries, inner].map(into => into / headSplit + hidden);
  const layer = [...divided, ...gathered].reduce((sum, values) => sum + values, 0);
  return (layers / layerSplit) * layer;
}
