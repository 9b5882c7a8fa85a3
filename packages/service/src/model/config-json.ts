import { ConfigurationError } from '../configuration-error.ts';
import type { Architecture } from './architecture.ts';
import { classDefaults } from './class-defaults.ts';
import { attentionOf, hiddenSize } from './config-attention.ts';
import { ConfigValues, isConfig, type Config } from './config-values.ts';
import { namedPositions, ropeOf, scaledLength } from './context-length.ts';
import { quantizationOf } from './quantization.ts';

// models that see, hear or speak have the language model's shape one level down, some two
const languageModel = ['text_config', 'llm_config', 'language_config', 'thinker_config', 'decoder'] as const;

/**
 * The shape of a model from its config.json or, for Mistral's own format, params.json.
 * @param name how messages name the file
 * @throws ConfigurationError for a file that is no configuration
 */
export function architectureOf(text: string, name: string): Architecture {
  const outer = parsed(text, name);
  const inner = innermost(outer);
  const family = String(inner.model_type ?? outer.model_type ?? '');
  const config = new ConfigValues({ ...classDefaults[family], ...present(outer), ...present(inner) }, name);
  const attention = attentionOf(config);
  const positions = namedPositions(config);
  const rope = ropeOf(config);
  const quantization = quantizationOf(outer, inner);
  const [architecture] = new ConfigValues(outer, name).list('architectures') ?? [];
  return {
    ...(typeof architecture === 'string' ? { architecture } : {}),
    family,
    ...attention,
    hiddenSize: hiddenSize(config),
    intermediateSize: intermediateSize(config),
    expertSize: config.number('moe_intermediate_size'),
    vocabulary: config.number('vocab_size', 'padded_vocab_size'),
    positions,
    contextLength: scaledLength(positions, rope, family),
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

/** Without what is null: a file that was saved again holds null for what it does not know. */
function present(config: Config): Config {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

/** Values between the two halves of a feed-forward layer for one token; of experts, those that one token goes through. */
function intermediateSize(config: ConfigValues): number | undefined {
  const dense = config.perLayer('intermediate_size', 'ffn_hidden_size', 'n_inner', 'ffn_dim', 'hidden_dim');
  const most = typeof dense === 'object' ? Math.max(...dense.map(one => one ?? 0)) : dense;
  const active = config.number('num_experts_per_tok', 'num_experts_per_token', 'top_k_experts', 'moe_topk');
  if (active === undefined) return most;
  const expert = config.number('moe_intermediate_size') ?? most ?? 0;
  return Math.max(most ?? 0, active * expert + (config.number('n_shared_experts') ?? 0) * expert);
}

function parsed(text: string, name: string): Config {
  let value: unknown;
  try {
    // Python writes numbers that JSON does not have
    value = JSON.parse(
      text.replace(/("(?:\\.|[^"\\])*")|-?\bInfinity\b|\bNaN\b/g, (_, quoted?: string) => quoted ?? 'null'),
    );
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ConfigurationError(`${name} is not valid JSON: ${error.message}. Fetch or export the model again.`);
    throw error;
  }
  if (!isConfig(value))
    throw new ConfigurationError(
      `${name} is not the configuration of a model: it must be a mapping. Fetch or export the model again.`,
    );
  return value;
}
