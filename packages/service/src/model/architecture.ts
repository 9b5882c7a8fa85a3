import type { CachedLayers } from './cached-layers.ts';
import { architectureOf, quantizationFile } from './config-json.ts';
import type { RopeScaling } from './context-length.ts';
import type { ModelFiles } from './facts.ts';
import type { GgufValue } from './gguf.ts';
import { ggufArchitecture } from './gguf-attention.ts';
import type { Quantization } from './quantization.ts';

/** The shape of the model as far as it tells; what it does not tell is absent. */
export interface Architecture {
  readonly architecture?: string;
  /** `model_type` of the language model, or the architecture of a GGUF file. */
  readonly family?: string;
  readonly layers?: number;
  /** Query heads of a layer. */
  readonly heads?: number;
  /** Key-value heads and head dimension of a layer; where layers differ, the most of any. */
  readonly kvHeads?: number;
  readonly headDim?: number;
  /** What each kind of layer caches. */
  readonly cache?: readonly CachedLayers[];
  readonly hiddenSize?: number;
  /** Values inside a feed-forward layer for one token; `expertSize` inside one expert. */
  readonly intermediateSize?: number;
  readonly expertSize?: number;
  /** Tokens of the vocabulary. */
  readonly vocabulary?: number;
  /** Tokens the model was made for before its positions are stretched, and after. */
  readonly positions?: number;
  readonly contextLength?: number;
  /** How the file stretches them. */
  readonly rope?: RopeScaling;
  /** Element type that the model computes with, such as bfloat16. */
  readonly computeType?: string;
  readonly quantization?: Quantization;
}

export async function readArchitecture(
  model: ModelFiles,
  metadata?: ReadonlyMap<string, GgufValue>,
): Promise<Architecture> {
  if (metadata) return known(ggufArchitecture(metadata));
  // params.json is how Mistral itself publishes
  const file = ['config.json', 'params.json'].find(path => model.paths.includes(path));
  if (file === undefined) return {};
  const quantized = model.paths.includes(quantizationFile) ? await model.text(quantizationFile) : undefined;
  return known(architectureOf(await model.text(file), `${model.name}/${file}`, quantized));
}

function known(architecture: Architecture): Architecture {
  return Object.fromEntries(Object.entries(architecture).filter(([, value]) => value !== undefined && value !== ''));
}
