import { isConfig, type Config, type ConfigValues } from './config-values.ts';

/** How positions are stretched: the value of `rope_scaling` or `rope_parameters`. */
export interface RopeScaling {
  readonly type: string;
  readonly factor: number;
  /** Tokens before the stretching. */
  readonly original?: number;
}

const lengthKeys = [
  'max_position_embeddings',
  'n_positions',
  'max_seq_len',
  'seq_length',
  'max_target_positions',
  'max_sequence_length',
  'max_seq_length',
  'seq_len',
  'max_context_length',
] as const;

/** Tokens that the configuration names, before any scaling: the smallest of its keys, as vLLM takes it. */
export function namedPositions(config: ConfigValues): number | undefined {
  const given = lengthKeys.filter(key => config.gives(key));
  const named = (given.length > 0 ? given : lengthKeys)
    .map(key => config.number(key))
    .filter(value => value !== undefined);
  return config.number('model_max_length') ?? (named.length > 0 ? Math.min(...named) : undefined);
}

export function ropeOf(config: ConfigValues): RopeScaling | undefined {
  const value = config.get('rope_scaling', 'rope_parameters', 'yarn');
  if (!isConfig(value)) return undefined;
  // newer files have one for each kind of layer; those with full attention decide
  return ropeScaling(isConfig(value.full_attention) ? value.full_attention : value);
}

/** Undefined for what does not stretch. */
export function ropeScaling(value: Config): RopeScaling | undefined {
  const { factor, original_max_position_embeddings: original } = value;
  if (!isPlausible(factor)) return undefined;
  // Mistral's params.json has no type: it knows YaRN alone
  const type = value.rope_type ?? value.type ?? 'yarn';
  return { type: String(type), factor, ...(isPlausible(original) ? { original } : {}) };
}

function isPlausible(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 1e9;
}

// their configurations name the length after the stretching
const stretchedAlready = new Set([
  ...['llama3', 'longrope', 'su', 'default', 'mrope', 'proportional'],
  'deepseek_llama_scaling',
]);
const yarn = new Set(['yarn', 'deepseek_yarn']);

/** Tokens that a model takes: YaRN counts from its original length, linear and dynamic scaling from what the file names. */
export function scaledLength(
  positions: number | undefined,
  rope: RopeScaling | undefined,
  family: string,
): number | undefined {
  if (positions === undefined || !rope || stretchedAlready.has(rope.type) || family.startsWith('gemma3'))
    return positions;
  return Math.floor((yarn.has(rope.type) ? (rope.original ?? positions) : positions) * rope.factor);
}
