import { posix } from 'node:path';
import type { Architecture } from './architecture.ts';
import { classDefaults } from './class-defaults.ts';
import { attentionOf, hiddenSize } from './config-attention.ts';
import { configIn, ConfigValues, isConfig, type Config } from './config-values.ts';
import { namedPositions, ropeOf, scaledLength } from './context-length.ts';
import { quantizationOf } from './quantization.ts';

/** ModelOpt's, beside config.json. */
export const quantizationFile = 'hf_quant_config.json';

// models that see, hear or speak have the language model's shape one level down, some two
const languageModel = ['text_config', 'llm_config', 'language_config', 'thinker_config', 'decoder'] as const;

/**
 * The shape of a model from its config.json or, for Mistral's own format, params.json.
 * @param name how messages name the file
 * @param quantized the text of ModelOpt's hf_quant_config.json, where the model has one: older exports say it there alone
 * @throws ConfigurationError for a file that is no configuration
 */
export function architectureOf(text: string, name: string, quantized?: string): Architecture {
  const outer = parsed(text, name);
  const inner = innermost(outer);
  const family = String(inner.model_type ?? outer.model_type ?? '');
  const config = new ConfigValues(merged(outer, inner), name, classDefaults(family));
  const attention = attentionOf(config);
  const positions = namedPositions(config);
  const rope = ropeOf(config);
  const quantization =
    quantizationOf(outer, inner) ??
    (quantized === undefined
      ? undefined
      : quantizationOf(parsed(quantized, posix.join(posix.dirname(name), quantizationFile)), {}));
  const [architecture] = new ConfigValues(outer, name).list('architectures') ?? [];
  return {
    ...(typeof architecture === 'string' ? { architecture } : {}),
    family,
    ...attention,
    hiddenSize: hiddenSize(config),
    intermediateSize: intermediateSize(config),
    expertSize: expertSize(config),
    vocabulary: config.number('vocab_size', 'padded_vocab_size'),
    positions,
    contextLength: scaledLength(positions, rope, family),
    ...(rope ? { rope } : {}),
    computeType: config.text('torch_dtype', 'dtype'),
    ...(quantization ? { quantization } : {}),
  };
}

function innermost(config: Config): Config {
  for (const key of languageModel) {
    const inner = config[key];
    if (isConfig(inner)) return innermost(inner);
  }
  return config;
}

/** The language model's own values before those of the whole; what only one of the two knows is null in the other when a file was saved again. */
function merged(outer: Config, inner: Config): Config {
  const own = Object.entries(inner).filter(([key, value]) => value !== null || outer[key] === undefined);
  return { ...outer, ...Object.fromEntries(own) };
}

/** Values between the two halves of a feed-forward layer for one token; of experts, those that one token goes through. */
function intermediateSize(config: ConfigValues): number | undefined {
  const dense = config.most(
    ...['decoder_ffn_dim', 'intermediate_size', 'ffn_hidden_size', 'n_inner', 'ffn_dim', 'hidden_dim'],
  );
  const active = config.most(...['num_experts_per_tok', 'num_experts_per_token', 'top_k_experts', 'moe_topk', 'moe_k']);
  if (active === undefined) return dense;
  const expert = expertSize(config) ?? dense ?? 0;
  const always = config.number('n_shared_experts', 'moe_num_shared_experts', 'num_shared_experts') ?? 0;
  return Math.max(dense ?? 0, (active + always) * expert);
}

function expertSize(config: ConfigValues): number | undefined {
  return config.most('moe_intermediate_size', 'expert_ffn_hidden_size');
}

/** Python writes numbers that JSON does not have. */
function parsed(text: string, name: string): Config {
  const json = text.replace(/("(?:\\.|[^"\\])*")|-?\bInfinity\b|\bNaN\b/g, (_, quoted?: string) => quoted ?? 'null');
  return configIn(json, name);
}
