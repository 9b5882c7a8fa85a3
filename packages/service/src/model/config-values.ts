import { ConfigurationError } from '../configuration-error.ts';

/** The content of a config.json, as wild as it comes. */
export type Config = Readonly<Record<string, unknown>>;

export function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the keys of one configuration, each under the names that families of models give it; null counts as absent. */
export class ConfigValues {
  readonly #config: Config;
  readonly #name: string;

  /** @param name how messages name the file */
  constructor(config: Config, name: string) {
    this.#config = config;
    this.#name = name;
  }

  /** The first of the keys that is there. */
  get(...keys: readonly string[]): unknown {
    return keys.map(key => this.#config[key]).find(value => value !== undefined && value !== null);
  }

  /** @throws ConfigurationError when the first key that is there holds no number */
  number(...keys: readonly string[]): number | undefined {
    const value = this.get(...keys);
    if (value === undefined || typeof value === 'number') return value;
    throw this.#broken(keys, 'a number', value);
  }

  /** A number, or with `number[]` one for each layer. */
  perLayer(...keys: readonly string[]): number | readonly (number | null)[] | undefined {
    const value = this.get(...keys);
    if (value === undefined || typeof value === 'number') return value;
    if (Array.isArray(value) && value.every(one => typeof one === 'number' || one === null)) return value;
    throw this.#broken(keys, 'a number or a list of numbers', value);
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

  #broken(keys: readonly string[], wanted: string, value: unknown): ConfigurationError {
    const key = keys.find(one => this.#config[one] === value) ?? keys[0];
    return new ConfigurationError(
      `${this.#name} is not the configuration of a model: ${key} must be ${wanted}; found ${JSON.stringify(value)?.slice(0, 60)}.`,
    );
  }
}
