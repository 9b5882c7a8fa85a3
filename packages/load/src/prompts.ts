import type { Message } from '@fairway/clients/inference/index';

/** Prompts that begin alike, as those with one system prompt do. */
export interface SharedPrefixes {
  /** How many different beginnings. */
  readonly count: number;
  readonly tokens: number;
}

export interface PromptOptions {
  /** First word of everything that is sent; another one each run keeps an engine from answering out of its prefix cache. */
  readonly salt: string;
  readonly prefixes: SharedPrefixes | undefined;
  /** Words that make a token by the engine's own count. */
  readonly wordsPerToken: number;
  readonly random: () => number;
}

const words =
  'river stone paper signal garden winter copper engine bridge letter harbor market window forest ladder planet'.split(
    ' ',
  );
const poolSize = 65_536;

/** Builds prompts of about so many tokens: common short English words are one token each in the vocabularies in use. */
export class Prompts {
  readonly #options: PromptOptions;
  readonly #pool: readonly string[];
  readonly #prefixes: readonly string[];

  constructor(options: PromptOptions) {
    this.#options = options;
    this.#pool = Array.from({ length: poolSize }, () => words[Math.floor(options.random() * words.length)]!);
    const { count, tokens } = options.prefixes ?? { count: 0, tokens: 0 };
    this.#prefixes = Array.from({ length: count }, (_, index) => `${options.salt} ${index} ${this.#text(tokens)}`);
  }

  /** @param index number of the request, which makes its prompt differ from all others @param tokens of all of it */
  messages(index: number, tokens: number): readonly Message[] {
    const prefix = this.#prefixes[index % (this.#prefixes.length || 1)];
    const content = `${this.#options.salt} ${index} ${this.#text(tokens - (this.#options.prefixes?.tokens ?? 0))}`;
    const user: Message = { role: 'user', content };
    return prefix === undefined ? [user] : [{ role: 'system', content: prefix }, user];
  }

  #text(tokens: number): string {
    const count = Math.max(1, Math.round(tokens * this.#options.wordsPerToken));
    const parts: string[] = [];
    for (let left = count; left > 0; left -= poolSize) {
      const length = Math.min(left, poolSize);
      const from = Math.floor(this.#options.random() * (poolSize - length));
      parts.push(this.#pool.slice(from, from + length).join(' '));
    }
    return parts.join(' ');
  }
}
