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
const poolSize = 16_384;
/** Most words that are cut out in one piece: a long prompt is made of several, which are not the same. */
const longestPiece = poolSize / 2;

/** Words in a random order that all prompts are cut from. Drawn once: a run has three sources of prompts. */
let pool: readonly string[] | undefined;

function drawPool(): readonly string[] {
  // a linear congruential generator of 32 bits (Numerical Recipes, 1992); its upper bits are the random ones
  let state = 1;
  return Array.from({ length: poolSize }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) | 0;
    return words[state >>> 28]!;
  });
}

/** Builds prompts of about so many tokens: common short English words are one token each in the vocabularies in use. */
export class Prompts {
  readonly #options: PromptOptions;
  readonly #prefixes: readonly string[];

  constructor(options: PromptOptions) {
    this.#options = options;
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
    const all = (pool ??= drawPool());
    for (let left = count; left > 0; left -= longestPiece) {
      const length = Math.min(left, longestPiece);
      const from = Math.floor(this.#options.random() * (poolSize - length));
      parts.push(all.slice(from, from + length).join(' '));
    }
    return parts.join(' ');
  }
}
