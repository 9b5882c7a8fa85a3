import { architectureOf } from './config-json.ts';

/** Families of which every layer is grouped attention and a gated feed-forward, by whether the output has the embedding's weights unless the file says otherwise. */
const tiedByDefault: Readonly<Record<string, boolean>> = {
  llama: false,
  mistral: false,
  qwen2: false,
  qwen3: false,
  phi3: false,
  granite: false,
  olmo2: false,
  gemma: true,
  gemma2: true,
  gemma3_text: true,
};

const bytesOfType: Readonly<Record<string, number>> = { bfloat16: 2, float16: 2, float32: 4 };

/**
 * Bytes of the weights that the configuration of a plain model stands for, to a part in a thousand: without biases and norms. Undefined
 * for all others: a configuration names neither the layers that have experts nor what quantisation leaves out.
 * @throws ConfigurationError for a text that is no configuration
 */
export function weightsOfConfig(text: string, name: string): number | undefined {
  const { family = '', quantization, computeType = '', ...shape } = architectureOf(text, name);
  const { layers, heads, kvHeads, headDim, hiddenSize: hidden, intermediateSize: inner, vocabulary } = shape;
  const tied = tiedByDefault[family];
  const bytes = bytesOfType[computeType];
  if (tied === undefined || bytes === undefined || quantization || shape.expertSize !== undefined) return undefined;
  if (!layers || !heads || !kvHeads || !headDim || !hidden || !inner || !vocabulary) return undefined;
  const written = /"tie_word_embeddings"\s*:\s*(true|false)/.exec(text)?.[1];
  const embeddings = (written === undefined ? tied : written === 'true') ? 1 : 2;
  const attention = 2 * hidden * headDim * (heads + kvHeads);
  return bytes * (embeddings * vocabulary * hidden + layers * (attention + 3 * hidden * inner));
}
