import { ConfigurationError } from '../configuration-error.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';

/** The content of a config.json, as wild as it comes. */
export type Config = Readonly<Record<string, unknown>>;

export function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The configuration that a text is.
 * @param name how messages name the file
 * @throws ConfigurationError for what is no JSON, or no mapping
 */
export function configIn(text: string, name: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ConfigurationError(reasonOf('model.noJson', { name, words: error.message }));
    throw error;
  }
  if (!isConfig(value)) throw new ConfigurationError(reasonOf('model.noMapping', { name }));
  return value;
}

/**
 * Reads the keys of one configuration, each under the names that families of models give it. What the file gives under any of them goes before
 * what its class gives; null counts as absent, and takes away what the class gives under that name.
 */
export class ConfigValues {
  readonly #config: Config;
  readonly #name: string;
  readonly #defaults: Config;

  /**
   * @param name     how messages name the file
   * @param defaults what the class gives
   */
  constructor(config: Config, name: string, defaults: Config = {}) {
    this.#config = config;
    this.#name = name;
    this.#defaults = Object.fromEntries(Object.entries(defaults).filter(([key]) => config[key] === undefined));
  }

  /** The first of the keys that is there. */
  get(...keys: readonly string[]): unknown {
    const key = this.#keyOf(keys);
    return key === undefined ? undefined : (this.#config[key] ?? this.#defaults[key]);
  }

  /** Whether the file itself gives it. */
  gives(key: string): boolean {
    return this.#config[key] !== undefined && this.#config[key] !== null;
  }

  /** @throws ConfigurationError when the first key that is there holds no size */
  number(...keys: readonly string[]): number | undefined {
    const value = this.get(...keys);
    if (value === undefined || isSize(value)) return value;
    throw this.#broken(keys, 'a whole number', value);
  }

  /** A number, or with `number[]` one for each layer. */
  perLayer(...keys: readonly string[]): number | readonly (number | null)[] | undefined {
    const value = this.get(...keys);
    if (value === undefined || isSize(value)) return value;
    if (Array.isArray(value) && value.every(one => isSize(one) || one === null)) return value;
    throw this.#broken(keys, 'a whole number or a list of them', value);
  }

  /** Of a number for each layer the largest. */
  most(...keys: readonly string[]): number | undefined {
    const value = this.perLayer(...keys);
    return typeof value === 'object' ? Math.max(0, ...value.map(one => one ?? 0)) : value;
  }

  /**
   * A number of parts of which there is a list in memory.
   * @throws ConfigurationError also for more of them than any model has
   */
  count(limit: number, ...keys: readonly string[]): number | undefined {
    const value = this.number(...keys);
    if (value === undefined || value <= limit) return value;
    throw this.#broken(keys, `at most ${limit}`, value);
  }

  text(...keys: readonly string[]): string | undefined {
    const value = this.get(...keys);
    return typeof value === 'string' ? value : undefined;
  }

  list(...keys: readonly string[]): readonly unknown[] | undefined {
    const value = this.get(...keys);
    return Array.isArray(value) && value.length > 0 ? value : undefined;
  }

  flag(...keys: readonly string[]): boolean | undefined {
    const value = this.get(...keys);
    return typeof value === 'boolean' ? value : undefined;
  }

  inner(key: string): ConfigValues | undefined {
    const value = this.#config[key];
    return isConfig(value) ? new ConfigValues(value, this.#name) : undefined;
  }

  /** The configuration as it holds for one layer: what `per_layer_config` says of it goes before the rest. */
  ofLayer(at: number): ConfigValues {
    const each = this.#config.per_layer_config;
    const own = isConfig(each) ? Object.entries(each).find(([index]) => Number(index) === at)?.[1] : undefined;
    return isConfig(own) ? new ConfigValues({ ...this.#config, ...own }, this.#name, this.#defaults) : this;
  }

  #keyOf(keys: readonly string[]): string | undefined {
    return keys.find(key => this.gives(key)) ?? keys.find(key => this.#defaults[key] !== undefined);
  }

  #broken(keys: readonly string[], wanted: string, value: unknown): ConfigurationError {
    return new ConfigurationError(
      reasonOf('model.badValue', {
        name: this.#name,
        key: this.#keyOf(keys) ?? '',
        wanted,
        found: String(JSON.stringify(value)?.slice(0, 60)),
      }),
    );
  }
}

// what tokenizers write for a length without a limit; products of greater ones are no numbers
const largest = 1e30;

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largest;
}
