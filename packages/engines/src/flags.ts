import type { EngineName } from '@fairway/service/engine-names';

/** Short and older names of the flags that decide memory, by engine; others are the same under all names. */
const aliases: Readonly<Partial<Record<EngineName, Readonly<Record<string, string>>>>> = {
  vllm: {
    '-tp': '--tensor-parallel-size',
    '-pp': '--pipeline-parallel-size',
    '-dp': '--data-parallel-size',
    '-n': '--nnodes',
    '-r': '--node-rank',
    '-q': '--quantization',
    '-ep': '--enable-expert-parallel',
  },
  llamacpp: {
    '-m': '--model',
    '-a': '--alias',
    '-c': '--ctx-size',
    '-np': '--parallel',
    '-b': '--batch-size',
    '-ub': '--ubatch-size',
    '-ngl': '--n-gpu-layers',
    '--gpu-layers': '--n-gpu-layers',
    '-ctk': '--cache-type-k',
    '-ctv': '--cache-type-v',
    '-nkvo': '--no-kv-offload',
    '-sm': '--split-mode',
  },
  tgi: { '-p': '--port' },
  sglang: {
    '--model': '--model-path',
    '--tp': '--tp-size',
    '--tensor-parallel-size': '--tp-size',
    '--pp': '--pp-size',
    '--pipeline-parallel-size': '--pp-size',
    '--dp': '--dp-size',
    '--data-parallel-size': '--dp-size',
    '--ep': '--ep-size',
    '--expert-parallel-size': '--ep-size',
  },
};

/** The one name of a flag: `--max_model_len=8` and `--max-model-len` are the same; undefined for a value. */
export function flagName(engine: EngineName, argument: string): string | undefined {
  const name = /^--?[A-Za-z][\w-]*/.exec(argument)?.[0];
  if (name === undefined) return undefined;
  const long = name.startsWith('--') ? name.replaceAll('_', '-').replace(/^-+/, '--') : name;
  return aliases[engine]?.[long] ?? long;
}

/** The flags of a command line by their one name; of a flag that is there twice the last counts, as in the engines. */
export class Flags {
  readonly #values = new Map<string, string>();

  constructor(engine: EngineName, words: readonly string[]) {
    for (const [at, word] of words.entries()) {
      const name = flagName(engine, word);
      if (name === undefined) continue;
      const equals = word.indexOf('=');
      const next = words[at + 1];
      const value = next === undefined || flagName(engine, next) !== undefined ? '' : next;
      this.#values.set(name, equals < 0 ? value : word.slice(equals + 1));
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Undefined for a flag that is absent or has no value. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** Counts as vLLM reads them: 32k are 32,000, 32K are 32,768. */
  number(name: string): number | undefined {
    const match = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(this.text(name) ?? '');
    if (!match) return undefined;
    const unit = { '': 1, k: 1e3, K: 2 ** 10, m: 1e6, M: 2 ** 20 }[match[2] ?? ''] ?? 1;
    return Number(match[1]) * unit;
  }

  /** A value in JSON; undefined for what is none. */
  json(name: string): unknown {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
