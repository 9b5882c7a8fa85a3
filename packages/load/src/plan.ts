import { randomNumbers } from './random.ts';

export interface LoadShape {
  readonly requestsPerSecond: number;
  /** Seconds of the measured part. */
  readonly seconds: number;
  readonly promptTokens: number;
  /** Seconds before the measured part; default by `warmUpSeconds`. */
  readonly warmUp?: number;
}

export interface PlannedRequest {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly prompt: string;
  /** Sent to reach a steady state; not part of the result. */
  readonly warmUp: boolean;
}

const words =
  'river stone paper signal garden winter copper engine bridge letter harbor market window forest ladder planet'.split(
    ' ',
  );

/** Seconds of warm-up before the measured part: a tenth of it, 2 at least, 30 at most. */
export function warmUpSeconds(shape: LoadShape): number {
  return Math.min(30, Math.max(2, shape.seconds / 10));
}

/**
 * When which prompt is sent, decided before anything is: arrivals are a Poisson process that does not wait for answers, as
 * independent users do not. Every prompt begins with a number of its own, so that no engine answers from its prefix cache.
 */
export function planLoad(shape: LoadShape, seed: number): readonly PlannedRequest[] {
  const random = randomNumbers(seed);
  const warmUp = (shape.warmUp ?? warmUpSeconds(shape)) * 1000;
  const end = warmUp + shape.seconds * 1000;
  const plan: PlannedRequest[] = [];
  for (let at = gap(random, shape); at < end; at += gap(random, shape)) {
    plan.push({ at, prompt: prompt(plan.length, shape.promptTokens, random), warmUp: at < warmUp });
  }
  return plan;
}

function gap(random: () => number, shape: LoadShape): number {
  return (-Math.log(1 - random()) / shape.requestsPerSecond) * 1000;
}

/** About `tokens` tokens: common short English words are one token each in the vocabularies in use. */
function prompt(index: number, tokens: number, random: () => number): string {
  const text = Array.from({ length: Math.max(1, tokens - 1) }, () => words[Math.floor(random() * words.length)]);
  return `${index} ${text.join(' ')}`;
}
