import * as z from 'zod';
import { ConfigurationError } from '../configuration-error.ts';
import type { ModelFiles } from './facts.ts';
import type { GgufValue } from './gguf.ts';

/** The shape of the model as far as it tells; what it does not tell is absent. */
export interface Architecture {
  readonly architecture?: string;
  readonly layers?: number;
  /** Key-value heads of a layer; where layers differ, the most of any. */
  readonly kvHeads?: number;
  readonly headDim?: number;
  /** Tokens the model was made for. */
  readonly contextLength?: number;
}

// GPT-2 and its like use the short names
const configSchema = z.object({
  architectures: z.array(z.string()).optional(),
  num_hidden_layers: z.number().optional(),
  n_layer: z.number().optional(),
  num_key_value_heads: z.number().nullish(),
  num_attention_heads: z.number().optional(),
  n_head: z.number().optional(),
  head_dim: z.number().nullish(),
  hidden_size: z.number().optional(),
  n_embd: z.number().optional(),
  max_position_embeddings: z.number().optional(),
  n_positions: z.number().optional(),
});

type Config = z.output<typeof configSchema>;

// models that see and hear keep the language model's shape one level down
const outerSchema = configSchema.extend({ text_config: configSchema.optional() });

export async function readArchitecture(
  model: ModelFiles,
  metadata?: ReadonlyMap<string, GgufValue>,
): Promise<Architecture> {
  if (metadata) return known(fromGguf(metadata));
  if (!model.paths.includes('config.json')) return {};
  const { text_config: inner, ...outer } = parseConfig(await model.text('config.json'), `${model.name}/config.json`);
  return known({ ...fromConfig({ ...outer, ...inner }), architecture: outer.architectures?.[0] });
}

function fromConfig(config: Config): Architecture {
  const heads = config.num_attention_heads ?? config.n_head;
  const width = config.hidden_size ?? config.n_embd;
  return {
    layers: config.num_hidden_layers ?? config.n_layer,
    kvHeads: config.num_key_value_heads ?? heads,
    headDim: config.head_dim ?? divided(width, heads),
    contextLength: config.max_position_embeddings ?? config.n_positions,
  };
}

function fromGguf(metadata: ReadonlyMap<string, GgufValue>): Architecture {
  const architecture = metadata.get('general.architecture');
  const most = (key: string): number | undefined => {
    const value = metadata.get(`${String(architecture)}.${key}`);
    if (typeof value === 'number') return value;
    return Array.isArray(value) && value.length > 0 ? Math.max(...value) : undefined;
  };
  const heads = most('attention.head_count');
  return {
    architecture: typeof architecture === 'string' ? architecture : undefined,
    layers: most('block_count'),
    kvHeads: most('attention.head_count_kv') ?? heads,
    headDim: most('attention.key_length') ?? divided(most('embedding_length'), heads),
    contextLength: most('context_length'),
  };
}

function divided(width: number | undefined, heads: number | undefined): number | undefined {
  return width === undefined || heads === undefined || heads === 0 ? undefined : width / heads;
}

function known(architecture: Architecture): Architecture {
  return Object.fromEntries(Object.entries(architecture).filter(([, value]) => value !== undefined));
}

function parseConfig(text: string, name: string): z.output<typeof outerSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ConfigurationError(`${name} is not valid JSON: ${error.message}. Fetch or export the model again.`);
    throw error;
  }
  const config = outerSchema.safeParse(value);
  if (!config.success)
    throw new ConfigurationError(
      `${name} is not the configuration of a model: ${config.error.issues[0]?.path.join('.')}: ${config.error.issues[0]?.message}.`,
    );
  return config.data;
}
