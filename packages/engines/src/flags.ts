import type { EngineName } from '@fairway/service/engine-names';
import { isConfig, type Config } from '@fairway/service/model/config-values';
import { dialects } from './dialects.ts';

/** The one name of a flag: `--max_model_len=8`, `--max-model` and `--max-model-len` are the same; undefined for a value. */
export function flagName(engine: EngineName, argument: string): string | undefined {
  const name = /^--?[A-Za-z][\w-]*/.exec(argument)?.[0];
  if (name === undefined) return undefined;
  const long = name.startsWith('--') ? name.replaceAll('_', '-').replace(/^-+/, '--') : name;
  const meant = meantBy(engine, long);
  return meant.length === 1 ? meant[0] : long;
}

/** The options that a name may stand for: more than one for the beginning of several, itself for one that Fairway does not know. */
export function meantBy(engine: EngineName, long: string): readonly string[] {
  const { options, aliases, abbreviates, neighbours } = dialects[engine];
  const alias = aliases[long];
  if (alias !== undefined) return [alias];
  const switches = Object.keys(options).filter(name => options[name] === 'switch');
  const names = [...Object.keys(options), ...Object.keys(aliases), ...switches.map(opposite), ...neighbours];
  if (!abbreviates || !long.startsWith('--') || names.includes(long)) return [long];
  const found = names.filter(name => name.startsWith(long)).map(name => aliases[name] ?? name);
  return found.length === 0 ? [long] : [...new Set(found)];
}

/** `--no-x` of `--x`, and the other way round: of the two the later counts. */
export function opposite(name: string): string {
  return name.startsWith('--no-') ? `--${name.slice('--no-'.length)}` : `--no-${name.slice('--'.length)}`;
}

/** The flags of a command line by their one name; of a flag that is there twice the last counts, as in the engines. */
export class Flags {
  readonly #engine: EngineName;
  readonly #values = new Map<string, string>();

  constructor(engine: EngineName, words: readonly string[]) {
    this.#engine = engine;
    const parts = new Map<string, Config>();
    for (const [at, word] of words.entries()) {
      const name = flagName(engine, word);
      if (name === undefined) continue;
      const equals = word.indexOf('=');
      const next = words[at + 1];
      const value =
        equals >= 0 ? word.slice(equals + 1) : next === undefined || flagName(engine, next) !== undefined ? '' : next;
      const [, ...keys] = (equals < 0 ? word : word.slice(0, equals)).split('.');
      if (keys.length > 0 && dialects[engine].dotted) {
        parts.set(name, withPart(parts.get(name) ?? {}, keys, partOf(value)));
        continue;
      }
      this.#values.delete(opposite(name));
      this.#values.set(name, value);
    }
    // vLLM puts what it gathers of parts behind everything else
    for (const [name, value] of parts) this.#values.set(name, JSON.stringify(value));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Undefined for a flag that is absent or has no value. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** A number as the engine reads it; undefined for what is none. */
  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : numberOf(this.#engine, name, text);
  }

  /** A value in JSON; undefined for what is none. */
  json(name: string): unknown {
    const text = this.text(name);
    return text === undefined ? undefined : parsed(text);
  }
}

/** A value as the engine reads it behind an option; undefined where that is no number. */
export function numberOf(engine: EngineName, name: string, text: string): number | undefined {
  const { options, size } = dialects[engine];
  if (options[name] === 'size' && size) return size(text);
  // as Python reads them
  const form = options[name] === 'number' ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i : /^[+-]?\d+(_\d+)*$/;
  return form.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A part is JSON, a size, or a text. */
function partOf(text: string): unknown {
  return parsed(text) ?? dialects.vllm.size?.(text) ?? text;
}

function withPart(whole: Config, [key = '', ...further]: readonly string[], value: unknown): Config {
  const inner = whole[key];
  return { ...whole, [key]: further.length === 0 ? value : withPart(isConfig(inner) ? inner : {}, further, value) };
}
