import { randomLogNormal } from 'd3-random';

/** How many tokens a prompt or an answer has: always the same, or drawn for each request. */
export type Lengths =
  | { readonly kind: 'fixed'; readonly tokens: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  /** `sigma` is the deviation of the logarithm; what is over `most` is cut to it. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number; readonly most: number }
  | { readonly kind: 'list'; readonly tokens: readonly number[] };

/** Draws whole numbers of 1 and over. */
export function drawLengths(lengths: Lengths, random: () => number): () => number {
  switch (lengths.kind) {
    case 'fixed':
      return () => lengths.tokens;
    case 'uniform':
      return () => lengths.from + Math.floor(random() * (lengths.to - lengths.from + 1));
    case 'lognormal': {
      const draw = randomLogNormal.source(random)(Math.log(lengths.median), lengths.sigma);
      return () => Math.min(lengths.most, Math.max(1, Math.round(draw())));
    }
    case 'list':
      return () => lengths.tokens[Math.floor(random() * lengths.tokens.length)]!;
  }
}
